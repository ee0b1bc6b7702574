-- Every delivery of a committed extract: the same bytes may come again under another name, and the last word of a
-- supplier counts. The id tells which of two came later.

create table deliveries (
    id        integer primary key autoincrement,
    extract   text not null references extracts (hash),
    file_name text not null,
    dataset   text not null,
    supplier  text not null,
    as_of     text not null,
    sequence  integer not null,
    came_at   text not null
) strict;

create index deliveries_by_source on deliveries (dataset, supplier, as_of, sequence);

insert into deliveries (extract, file_name, dataset, supplier, as_of, sequence, came_at)
select extract, file_name, dataset, supplier, as_of, sequence, came_at from (
    select hash as extract, file_name, dataset, supplier, as_of, sequence, ingested_at as came_at
    from extracts where state = 'committed'
    union all
    -- The number stood in the name only; a file that was given by hand is its day's first.
    select r.extract, r.file_name, r.dataset, r.supplier, r.as_of,
        case when instr(r.file_name, '__' || replace(r.as_of, '-', '') || '__') > 0
            then cast(substr(r.file_name, instr(r.file_name, '__' || replace(r.as_of, '-', '') || '__') + 12, 3) as integer)
            else 1 end,
        r.came_at
    from redeliveries r join extracts e on e.hash = r.extract and e.dataset = r.dataset and e.supplier = r.supplier
) order by came_at, file_name;

drop table redeliveries;
