-- Plain SQL that SQLite and Postgres both read: text, bigint, real; times in epoch milliseconds; JSON as text.

create table records (
  key text primary key,
  event_id text not null,
  event_time bigint not null,
  event_source text not null,
  event_name text not null,
  account text not null,
  region text not null,
  actor text not null,
  access_key_id text,
  source_address text,
  error_code text,
  body text not null,
  received_at bigint not null
);
create index records_event_id on records (event_id);
create index records_received_at on records (received_at);

-- Records that no rule has seen. A table of its own, so that evaluation does not write the large rows again.
create table pending (
  received_at bigint not null,
  record_key text not null,
  size bigint not null,
  primary key (received_at, record_key)
);

-- What came in and is no CloudTrail record, with the reason. The id is a hash, so a repeat is kept once.
create table rejects (
  id text primary key,
  received_at bigint not null,
  reason text not null,
  body text not null
);
create index rejects_received_at on rejects (received_at);

create table counters (
  name text primary key,
  value bigint not null
);

create table alerts (
  id text primary key,
  fingerprint text not null,
  rule_id text not null,
  rule_name text not null,
  title text not null,
  level text not null,
  author text,
  why text,
  runbook text,
  quiet_for bigint not null,
  facts text not null,
  state text not null,
  version bigint not null,
  snoozed_until bigint,
  snoozed_by text,
  match_count bigint not null,
  first_at bigint not null,
  last_at bigint not null,
  opened_at bigint not null,
  acknowledged_by text,
  acknowledged_at bigint,
  resolved_by text,
  resolved_at bigint,
  disposition text,
  note text,
  channel text not null,
  group_wait bigint not null
);
create unique index alerts_open on alerts (fingerprint) where state <> 'resolved';
create index alerts_fingerprint on alerts (fingerprint, resolved_at);
create index alerts_opened_at on alerts (opened_at);

create table alert_records (
  alert_id text not null references alerts (id),
  record_key text not null,
  primary key (alert_id, record_key)
);
create index alert_records_record on alert_records (record_key);

-- A match that made no alert, with the reason: nothing is silent without a trace.
create table suppressions (
  record_key text not null,
  rule_id text not null,
  at bigint not null,
  kind text not null,
  reason text not null,
  primary key (record_key, rule_id)
);
create index suppressions_at on suppressions (at);

create table history (
  id text primary key,
  alert_id text not null references alerts (id),
  at bigint not null,
  kind text not null,
  user_id text,
  team_id text,
  detail text not null
);
create index history_alert on history (alert_id, at);

-- Who pressed, asked or changed what. Nothing in the program updates or deletes a row.
create table audit (
  id text primary key,
  at bigint not null,
  user_id text not null,
  team_id text not null,
  kind text not null,
  detail text not null
);
create index audit_at on audit (at);

create table operators (
  user_id text primary key,
  team_id text not null,
  name text not null,
  seen_at bigint not null
);

-- What Slack has been told: an intent before each post, the receipt after it.
create table receipts (
  alert_id text primary key references alerts (id),
  intent text,
  intent_at bigint,
  channel text,
  ts text,
  drawn_version bigint not null,
  drawn_count bigint not null,
  posted_at bigint,
  counted_at bigint
);

create table jobs (
  kind text not null,
  subject text not null,
  due_at bigint not null,
  wanted bigint not null,
  attempts bigint not null,
  lease_token text,
  lease_until bigint,
  parked_at bigint,
  last_error text,
  primary key (kind, subject)
);
create index jobs_due on jobs (due_at) where parked_at is null;

-- Deliveries of Slack that were handled, so that a second delivery changes nothing.
create table seen (
  id text primary key,
  at bigint not null
);
create index seen_at on seen (at);
