-- usual; digest: it has no message of its own and pages nobody; message: it has one after all, and pages nobody.
alter table alerts add column loudness text not null default 'usual';

-- Which digests were made: each kind once a day, as the clocks of its zone have it.
create table digests (
  -- daily, weekly
  kind text not null,
  -- 2026-11-20; nothing: the first start, before which nothing was due
  day text not null,
  from_at bigint not null,
  until_at bigint not null,
  primary key (kind, day)
);
create index alerts_channel on alerts (channel, opened_at);
