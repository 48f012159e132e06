-- Marked events that were sent through EventBridge, to see whether they come back. Kept a little longer than EventBridge tries.
create table canaries (
  id text primary key,
  account text not null,
  region text not null,
  round_at bigint not null,
  sent_at bigint not null,
  state text not null,
  returned_at bigint
);
create index canaries_round on canaries (round_at);
create index canaries_sent_at on canaries (sent_at);

-- Each connected account and region as its last canaries have it.
create table canary_places (
  account text not null,
  region text not null,
  sent_at bigint not null,
  returned_at bigint,
  took bigint,
  primary key (account, region)
);

-- From where canaries did not come back, or could not be sent. A star stands for every region, or every account.
create table canary_outages (
  id text primary key,
  account text not null,
  region text not null,
  kind text not null,
  sent_at bigint not null,
  report text not null,
  record_key text not null,
  told bigint not null,
  ended_at bigint,
  ended_by text
);
create unique index canary_outages_open on canary_outages (account, region, kind) where ended_at is null;

-- How long after the event its alert stood in Slack.
create table post_delays (
  alert_id text primary key references alerts (id),
  event_at bigint not null,
  received_at bigint,
  posted_at bigint not null
);
create index post_delays_posted_at on post_delays (posted_at);
