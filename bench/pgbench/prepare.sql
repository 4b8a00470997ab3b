-- The body that the scripts store: as long as the events', and as compressible.
create table bench_body (id integer primary key, body bytea not null);
alter table bench_body alter body set storage external;
insert into bench_body
select 1, convert_to('{"session":[' || string_agg('{"url":"https://shop.example.com/articles/' ||
    substr(md5(n::text), 1, 12) || '","ms":' || n * 7919 % 100000 || ',"from":"newsletter"}', ',' order by n) || ']}', 'UTF8')
from generate_series(1, 36) as n;
