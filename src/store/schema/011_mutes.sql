-- Patterns of a rule that alert nobody until an instant.
create table mutes (
  id text primary key,
  rule_id text not null,
  rule_title text not null,
  -- [[field, value], …], all of which must hold.
  terms text not null,
  reason text not null,
  made_by text not null,
  made_by_name text not null,
  made_at bigint not null,
  until bigint not null,
  alert_id text not null references alerts (id),
  -- The event that the values were read from.
  sample text not null,
  -- Null while it holds.
  ended_at bigint,
  ended_by text
);
create index mutes_rule on mutes (rule_id) where ended_at is null;

-- What mutes and inhibitions hid, by whom (of a mute) or what (of an inhibition): it outlives the records.
create table hidden_counts (
  -- The mute, or the alert that held others back.
  source text not null,
  name text not null,
  number bigint not null,
  first_at bigint not null,
  last_at bigint not null,
  primary key (source, name)
);

-- Alerts that hold lesser ones back, until when, and by what the lesser ones are known.
create table inhibitors (
  alert_id text not null references alerts (id),
  key text not null,
  until bigint not null,
  primary key (alert_id, key)
);
create index inhibitors_key on inhibitors (key, until);

-- The mute, or the alert, that suppressed a match.
alter table suppressions add column source text;
create index suppressions_source on suppressions (source) where source is not null;
create index suppressions_rule on suppressions (rule_id, at);
create index alerts_rule on alerts (rule_id, last_at);
