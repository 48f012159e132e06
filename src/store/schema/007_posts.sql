-- What the bot says besides the messages of alerts: pages, hand-overs, digests, reports. The id says what it is, so that
-- the same is never asked for twice; it is also the intent that the message carries.
create table posts (
  id text primary key,
  kind text not null,
  -- A channel's name with #, a channel's id, or a person's id for a direct message. Null: the channel of its alert.
  place text,
  alert_id text references alerts (id),
  in_thread bigint not null,
  broadcast bigint not null,
  -- What it is drawn from, as JSON.
  content text not null,
  asked_at bigint not null,
  -- How often it was asked to be drawn, and which of these Slack shows.
  wanted bigint not null,
  drawn bigint not null,
  intent_at bigint,
  channel text,
  ts text,
  posted_at bigint,
  -- Why Slack will never take it.
  refused text
);
create index posts_alert on posts (alert_id, kind) where alert_id is not null;
create index posts_asked_at on posts (asked_at);
