-- "Was this you?": what a human behind an alert's actor is asked, and says.
create table actor_questions (
  alert_id text not null references alerts (id),
  -- From 1: an alert may ask again, or somebody else.
  number bigint not null,
  rule_id text not null,
  account text not null,
  -- Who did it: one human, as far as the event tells (JSON), and what tells them from others.
  doer text not null,
  doer_key text not null,
  -- What happened (JSON): what the direct message shows.
  deed text not null,
  address text,
  -- wanted, asked, joined, yes, no, unsure, silent, closed, nobody.
  state text not null,
  wanted_at bigint not null,
  -- Slack user id.
  user_id text,
  asked_at bigint,
  answer_by bigint,
  answered_at bigint,
  reason text,
  -- Joined: the alert and number of the question whose answer counts here, too.
  with_alert text,
  with_number bigint,
  -- A yes keeps repeats quiet until then, and has kept so many.
  quiet_until bigint,
  quieted bigint not null default 0,
  primary key (alert_id, number)
);
create index actor_questions_same on actor_questions (rule_id, account, doer_key);
create index actor_questions_person on actor_questions (user_id, asked_at) where user_id is not null;
create index actor_questions_with on actor_questions (with_alert, with_number) where with_alert is not null;
