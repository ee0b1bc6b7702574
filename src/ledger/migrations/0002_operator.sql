-- Held extracts, what was counted in each extract, acceptances, releases, and what was said about late sources.
-- SQLite cannot widen a check, so the table of extracts is made anew; nothing refers to it.

create table extracts_next (
    hash        text primary key not null check (length(hash) = 64),
    dataset     text not null,
    supplier    text not null,
    as_of       text not null,
    sequence    integer not null,
    file_name   text not null,
    size_bytes  integer not null,
    state       text not null check (state in ('committed', 'refused', 'held')),
    rows_in     integer not null,
    accepted    integer not null,
    quarantined integer not null,
    repaired    integer not null,
    reason      text,
    dialect     text,
    ingested_at text not null,
    run         integer references runs (id)
) strict;

insert into extracts_next (hash, dataset, supplier, as_of, sequence, file_name, size_bytes, state, rows_in, accepted,
    quarantined, repaired, reason, dialect, ingested_at, run)
select hash, dataset, supplier, as_of, sequence, file_name, size_bytes, state, rows_in, accepted,
    quarantined, repaired, reason, dialect, ingested_at, run from extracts;

drop table extracts;
alter table extracts_next rename to extracts;
create index extracts_live on extracts (state, dataset, supplier, as_of, sequence);

-- Sums and shares of an extract as JSON. Written before the extract is committed, so it may stand alone.
create table extract_totals (
    extract text primary key not null check (length(extract) = 64),
    totals  text not null
) strict;

-- The bytes of a committed extract, delivered again under another name: they came for another day.
create table redeliveries (
    extract   text not null references extracts (hash),
    file_name text not null,
    dataset   text not null,
    supplier  text not null,
    as_of     text not null,
    came_at   text not null,
    primary key (extract, file_name)
) strict;

-- A person lets an extract through that a rule holds.
create table acceptances (
    extract     text not null check (length(extract) = 64),
    rule        text not null,
    accepted_by text not null check (accepted_by <> ''),
    note        text not null check (note <> ''),
    at          text not null,
    primary key (extract, rule)
) strict;

-- A person lets rows out of quarantine.
create table releases (
    id          text primary key not null check (length(id) = 64),
    extract     text not null references extracts (hash),
    released_by text not null check (released_by <> ''),
    note        text not null check (note <> ''),
    overridden  text not null,
    at          text not null
) strict;

create table released_rows (
    extract text not null references extracts (hash),
    row     integer not null,
    release text not null references releases (id),
    primary key (extract, row)
) strict;

-- What the owner was told: each state of a source in a period once.
create table told_lateness (
    dataset  text not null,
    supplier text not null,
    period   text not null,
    state    text not null check (state in ('late', 'missing')),
    told_at  text not null,
    primary key (dataset, supplier, period, state)
) strict;
