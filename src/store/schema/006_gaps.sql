-- How far AWS's event history was compared with what arrived: for each place, changes and reads by themselves.
create table sweeps (
  account text not null,
  region text not null,
  kind text not null,
  -- Everything up to here was compared, or was given up.
  swept_until bigint not null,
  -- The stretch under way ends here, and is compared from its end back to read_back_to; null between stretches.
  stretch_to bigint,
  read_back_to bigint,
  -- How often the requests of a run did not suffice for the stretch.
  runs bigint not null,
  swept_at bigint,
  -- Why the last run did not come to the end, as JSON.
  trouble text,
  -- The latest period that was given up.
  uncovered_from bigint,
  uncovered_to bigint,
  primary key (account, region, kind)
);

-- Records that did not arrive by themselves and were taken in by the sweep.
create table late_records (
  record_key text primary key,
  account text not null,
  region text not null,
  event_name text not null,
  event_time bigint not null,
  received_at bigint not null,
  -- Whether a rule is true for it.
  matched bigint not null,
  reported bigint not null
);
create index late_records_place on late_records (account, region, reported, received_at);
create index late_records_received_at on late_records (received_at);

-- The habit of each source: what came in each hour since the epoch, and the longest pause that touches the hour. The
-- region * is a whole account, the account * all of them.
create table arrivals (
  account text not null,
  region text not null,
  hour bigint not null,
  events bigint not null,
  longest_pause bigint not null,
  primary key (account, region, hour)
);
create index arrivals_hour on arrivals (hour);

create table arrival_sources (
  account text not null,
  region text not null,
  last_at bigint not null,
  -- Its silence counts from here: later than last_at where the bot itself was away.
  counted_from bigint not null,
  -- Since when it is reported as silent.
  silent_since bigint,
  primary key (account, region)
);
