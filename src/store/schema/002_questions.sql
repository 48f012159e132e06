-- What questions are asked of: the few columns of each record that counting, listing and narrowing need. Every index
-- begins with the hour of the event: what is written now touches a few pages, however much is stored (docs/adr/0006).
-- The id is a number of ours, because it stands in every row of call_names.
create table calls (
  id bigint primary key,
  record_key text not null,
  received_at bigint not null,
  hour bigint not null,
  event_time bigint not null,
  event_source text not null,
  event_name text not null,
  account text not null,
  region text not null,
  actor_id text not null,
  actor_label text not null,
  actor_kind text not null,
  actor_name text not null,
  role text,
  access_key_id text,
  source_address text,
  client text,
  error_code text,
  read_only bigint,
  mfa bigint,
  target text,
  -- CloudTrail's sharedEventID: the copies of one call in several accounts.
  shared_id text
);
create index calls_received_at on calls (received_at);
create index calls_access_key_id on calls (hour, access_key_id, event_time, id) where access_key_id is not null;
create index calls_source_address on calls (hour, source_address, event_time, id) where source_address is not null;
create index calls_event_name on calls (hour, event_name, event_time, id);
create index calls_event_source on calls (hour, event_source, event_time, id);
create index calls_actor_name on calls (hour, actor_name, event_time, id);
create index calls_role on calls (hour, role, event_time, id) where role is not null;
create index calls_actor_kind on calls (hour, actor_kind, event_time, id);
create index calls_failed on calls (hour, event_time, id) where error_code is not null;

-- Every name, id and ARN that a call mentions.
create table call_names (
  hour bigint not null,
  name text not null,
  event_time bigint not null,
  call_id bigint not null
);
create index call_names_name on call_names (hour, name, event_time, call_id);
create index call_names_call on call_names (call_id);

-- The hours since the epoch that have calls: what a question goes through, newest first.
create table call_hours (
  hour bigint primary key
);

-- Records that the rules have seen and questions cannot find yet, those from before there were questions among them.
create table calls_due (
  received_at bigint not null,
  record_key text not null,
  primary key (received_at, record_key)
);
insert into calls_due (received_at, record_key)
  select r.received_at, r.key from records r
    where not exists (select 1 from pending p where p.received_at = r.received_at and p.record_key = r.key)
    order by r.received_at, r.key;
insert into counters (name, value) select 'calls due', count(*) from calls_due;

-- Questions that buttons on their answers lead back to.
create table questions (
  id text primary key,
  at bigint not null,
  user_id text not null,
  question text not null
);
create index questions_at on questions (at);

-- In which order audit entries of one millisecond were written.
alter table audit add column number bigint;
create index audit_number on audit (number);
