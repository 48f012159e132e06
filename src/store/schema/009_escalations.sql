-- How far the escalation of an alert is. The policy is the one of the moment when the alert opened.
create table escalations (
  alert_id text primary key references alerts (id),
  -- The configured policy, as JSON.
  policy text not null,
  -- running, waiting (the alert is snoozed), stopped (somebody has it), ended (nobody is left to be paged)
  state text not null,
  -- 1 when the alert was resolved: reopened, it starts anew.
  closed bigint not null,
  -- Counts changes; every change is compared with it.
  version bigint not null,
  round bigint not null,
  last_round bigint not null,
  step bigint not null,
  reached bigint not null,
  next_at bigint,
  -- User ids, as JSON, as far as they were known when the step before was taken.
  next_who text not null,
  -- Who pressed Escalate now.
  hurried_by text
);

-- One target paged by one step. A person once a step, in however many targets.
create table pages (
  alert_id text not null references alerts (id),
  round bigint not null,
  step bigint not null,
  -- A user id, a channel, or webhook:NAME, pagerduty:NAME.
  target text not null,
  at bigint not null,
  -- The post that tells of it; several pages of a storm share one.
  post_id text,
  -- Why it could not be told.
  refused text,
  primary key (alert_id, round, step, target)
);
create index pages_target on pages (target, at);
create index pages_post on pages (post_id) where post_id is not null;

-- What is told outside of Slack: webhooks once a step, PagerDuty for as long as the alert lives.
create table outside_pages (
  id text primary key,
  kind text not null,
  name text not null,
  alert_id text not null references alerts (id),
  round bigint not null,
  step bigint not null,
  -- How often it was asked for, and how many of these are told.
  wanted bigint not null,
  told bigint not null,
  -- What was said last: trigger, acknowledge, resolve.
  said text,
  tries bigint not null
);
create index outside_pages_alert on outside_pages (alert_id);

-- An alert that nobody takes says so again.
create table nudges (
  alert_id text primary key references alerts (id),
  every bigint not null,
  said bigint not null,
  next_at bigint
);

-- What this installation calls itself to services outside, so that two of them are not taken for one.
create table installation (
  id text primary key
);
