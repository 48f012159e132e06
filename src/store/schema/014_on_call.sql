-- Who was last seen on call in each schedule: where that is somebody else now, the pager has changed hands.
create table on_call (
  schedule text primary key,
  -- Slack user id; null: nobody.
  person text,
  -- When it was looked at last.
  seen_at bigint not null,
  version bigint not null
);

-- The user groups that are kept to whoever is on call.
create table on_call_groups (
  schedule text primary key,
  user_group text not null,
  -- The one member that the bot has given it; null: none yet.
  member text,
  -- Why Slack refuses the last change; null: it does not.
  trouble text,
  -- When people were told of that.
  told_at bigint
);
