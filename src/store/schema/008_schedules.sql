-- Stretches that people in Slack gave to somebody: they go before rotations and calendars.
create table overrides (
  id text primary key,
  schedule text not null,
  -- Slack user id.
  person text not null,
  from_at bigint not null,
  until_at bigint not null,
  -- 'override', or 'swap': one of the two of an exchange, which have the same swap_id.
  kind text not null,
  swap_id text,
  made_by text not null,
  made_at bigint not null,
  -- It counts no longer from here on.
  ended_at bigint
);
create index overrides_schedule on overrides (schedule, until_at);
create index overrides_swap on overrides (swap_id) where swap_id is not null;

-- The last good copy of each calendar that a schedule follows.
create table calendars (
  schedule text primary key,
  -- Of the address or file that it came from: after a change of the configuration the copy is another calendar's.
  source text not null,
  -- iCalendar; null until a first copy was good.
  content text,
  -- Grows with every other copy.
  version bigint not null,
  etag text,
  last_modified text,
  -- When it was last known to be good.
  good_at bigint,
  -- Since when it cannot be had, and why.
  trouble_since bigint,
  trouble text,
  -- The record that reports it, once it was long enough.
  record_key text
);

-- Which person in Slack has an e-mail address that a schedule names.
create table schedule_people (
  address text primary key,
  -- Null: Slack knows nobody.
  user_id text,
  asked_at bigint not null
);
