-- Who did, asked or changed what. Each entry carries the hash of the one before. Entries are only ever added.
drop index audit_at;
drop index audit_number;
alter table audit rename to audit_before;
-- Those from before the numbers are the oldest.
update audit_before set number = 0 where number is null;
create index audit_before_order on audit_before (number, at, id);
create table audit (
  -- From 1, without a gap.
  number bigint primary key,
  id text not null unique,
  at bigint not null,
  user_id text not null,
  team_id text not null,
  kind text not null,
  detail text not null,
  -- The hash of the entry before; 64 zeros in the first.
  previous text not null,
  hash text not null
);
create index audit_at on audit (at);
-- One row: the number and hash of the last entry. Whoever adds one moves it on first, from what it was.
create table audit_head (
  number bigint not null,
  hash text not null
);
insert into audit_head (number, hash)
  values (0, '0000000000000000000000000000000000000000000000000000000000000000');
