-- What correlations count. The id is a number of ours, because it stands in every row of correlation_hits; the
-- signature names what is counted, so that a correlation that counts something else begins anew.
create table correlations (
  id bigint primary key,
  signature text not null,
  -- The event time up to which it has seen.
  newest bigint not null
);
create unique index correlations_signature on correlations (signature);

-- A record that counts towards a correlation: kept until no window can need it. The bucket is a hash of the
-- correlation and the group-by values.
create table correlation_hits (
  correlation bigint not null,
  event_time bigint not null,
  record_key text not null,
  bucket text not null,
  part bigint not null,
  value text,
  -- Whether the correlation has fired with this record as the last of its window.
  fired bigint not null,
  primary key (correlation, event_time, record_key, bucket, part)
);
create index correlation_hits_bucket on correlation_hits (bucket, event_time, record_key);

-- What the hits of a group add up to in each minute and each hour, so that a sum need not read all of them.
create table correlation_sums (
  bucket text not null,
  -- How long the step is, and when it begins.
  width bigint not null,
  begins_at bigint not null,
  correlation bigint not null,
  total double precision not null,
  primary key (bucket, width, begins_at)
);
create index correlation_sums_correlation on correlation_sums (correlation, begins_at);

-- Groups of correlations that are judged when a window is over.
create table correlation_windows (
  bucket text primary key,
  correlation bigint not null,
  group_values text not null,
  -- The first event of the open window; null when none is open.
  begins_at bigint,
  -- Everything up to here was judged.
  closed_until bigint not null,
  -- When the last event of the group came in.
  touched_at bigint not null,
  due_at bigint
);
create index correlation_windows_due on correlation_windows (due_at) where due_at is not null;
create index correlation_windows_correlation on correlation_windows (correlation, closed_until);
