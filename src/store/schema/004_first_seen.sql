-- What each first-seen rule knows. A rule that is away, or looks at other fields, begins anew: its old row is dropped,
-- and goes when its values are gone.
create table first_seen (
  id bigint primary key,
  rule_id text not null,
  -- `of` and `per` as JSON.
  fields text not null,
  created_at bigint not null,
  -- Learning counts from here.
  since bigint not null,
  -- How many values it has, and how many gave way to others because there were too many.
  size bigint not null,
  crowded_out bigint not null,
  -- The bot's own records from before created_at are read up to here, in the order of their arrival; null when all are.
  read_at bigint,
  read_key text,
  -- Learning counts from here once all are read.
  reach bigint,
  dropped_at bigint
);
create unique index first_seen_rule on first_seen (rule_id, fields) where dropped_at is null;

-- The key is a hash: 22 characters, whatever the values are.
create table first_seen_values (
  state_id bigint not null,
  key text not null,
  shown text not null,
  first_at bigint not null,
  last_at bigint not null,
  primary key (state_id, key)
);
create index first_seen_values_last_at on first_seen_values (state_id, last_at, key);
