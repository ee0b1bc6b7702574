-- Which cells were ever let out, and what analysts asked. `format` says how `groups` is written: 1 is sixteen bytes a group,
-- sorted, the first eight of a keyed hash of the group, then eight of a keyed hash of the group with its rows, or
-- noughts where those are not known.

create table released_cells (
    id      integer primary key autoincrement,
    format  integer not null,
    source  text not null check (source <> ''),
    subject text not null check (subject <> ''),
    cell    text not null,
    groups  blob not null,
    value   blob,
    at      text not null
) strict;

create index released_by_subject on released_cells (subject, groups);

create table ad_hoc_queries (
    id       integer primary key autoincrement,
    role     text not null check (role in ('viewer', 'analyst', 'operator')),
    asked_by text,
    query    text not null,
    snapshot text not null,
    outcome  text not null check (outcome in ('shown', 'released', 'refused')),
    cells    integer not null,
    at       text not null
) strict;
