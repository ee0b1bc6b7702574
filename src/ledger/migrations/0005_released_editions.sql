-- Which editions went out, and when their cells came into the register. An edition may add none, where all were out before.

create table released_editions (
    edition text primary key check (edition <> ''),
    at      text not null
) strict;
