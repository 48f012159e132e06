-- Who has an alert, and how many people have to acknowledge it. What was acknowledged before has no reminder.
alter table alerts add column needs bigint not null default 1;
-- A JSON list of [user, time]: changed with the version, like everything that a press changes.
alter table alerts add column acknowledgements text not null default '[]';
alter table alerts add column again bigint not null default 0;
alter table alerts add column assignee text;
alter table alerts add column assigned_by text;
alter table alerts add column taken_from text;
-- When the assignee took it, or last said to be still on it; and until when a reminder waits for that.
alter table alerts add column held_since bigint;
alter table alerts add column confirm_by bigint;
update alerts set again = case when version > 1 and state = 'firing' then 1 else 0 end, assignee = acknowledged_by;
create index alerts_assignee on alerts (assignee) where assignee is not null;

-- A message is drawn anew when something beside its alert has changed: how often that was asked for, and done.
alter table receipts add column wanted bigint not null default 0;
alter table receipts add column shown bigint not null default 0;
