-- The index has the order, so nothing is sorted. The period is left to the caller: PostgreSQL would expect so few rows in
-- it that it would sort them.
select created_at_sort / 86400000, count(*) filter (where sale_amount >= 0), sum(sale_amount)::bigint
from (
    select distinct on (sale_event_id, (sale_amount < 0)) created_at_sort, sale_amount from commission
    where not is_stub and deleted_at is null and sale_event_id is not null and sale_amount is not null
    order by sale_event_id, (sale_amount < 0), coalesce(tier, 1), id
) sale
group by 1
