-- The permanent record. Times are RFC 3339 in UTC with six decimals, so that text order is time order.
-- A migration that was released is never edited; a change is a new file.

create table meta (
    key   text primary key not null,
    value text not null
) strict;

-- Keys the pseudonyms of recipients: without this ledger nobody can test an address against them.
insert into meta (key, value) values ('recipient_secret', lower(hex(randomblob(32))));

create table runs (
    id          integer primary key autoincrement,
    job         text not null,
    period      text,
    state       text not null check (state in ('started', 'complete', 'failed', 'aborted', 'skipped')),
    summary     text,
    started_at  text not null,
    finished_at text
) strict;

create index runs_by_job on runs (job, period);

create table extracts (
    hash        text primary key not null check (length(hash) = 64),
    dataset     text not null,
    supplier    text not null,
    as_of       text not null,
    sequence    integer not null,
    file_name   text not null,
    size_bytes  integer not null,
    state       text not null check (state in ('committed', 'refused')),
    rows_in     integer not null,
    accepted    integer not null,
    quarantined integer not null,
    repaired    integer not null,
    reason      text,
    dialect     text,
    ingested_at text not null,
    run         integer references runs (id)
) strict;

create index extracts_live on extracts (state, dataset, supplier, as_of, sequence);

create table editions (
    id            text primary key not null,
    job           text not null,
    period        text not null,
    version       integer not null,
    state         text not null
        check (state in ('built', 'checked', 'approved', 'frozen', 'sent', 'superseded')),
    snapshot      text not null,
    input_hash    text not null,
    manifest_hash text not null,
    path          text not null,
    built_at      text not null,
    changed_at    text not null,
    unique (job, period, version)
) strict;

create table dispatches (
    edition       text not null references editions (id),
    recipient_key text not null check (length(recipient_key) = 64),
    channel       text not null check (channel in ('files', 'smtp')),
    state         text not null check (state in ('pending', 'sending', 'sent', 'failed', 'unknown')),
    retry         integer not null default 0 check (retry in (0, 1)),
    message_id    text not null,
    response      text,
    attempts      integer not null default 0,
    at            text not null,
    primary key (edition, recipient_key, channel)
) strict;

create table slots (
    job         text not null,
    slot        text not null,
    claimed_at  text not null,
    run         integer references runs (id),
    finished_at text,
    primary key (job, slot)
) strict;
