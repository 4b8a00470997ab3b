select part.id, part.ref_id, part.leads_count, part.customers_count, part.sales_total, part.sales_total_sort,
    promoter.id, promoter.email, part.total
from (
    select id, ref_id, leads_count, customers_count, sales_total, sales_total_sort, promoter_id, count(*) over () as total
    from promotion
    where campaign_id = $1 and state = 'accepted' and leads_count >= $2 and not is_stub and deleted_at is null
    order by sales_total_sort desc, id desc limit 26
) part
left join promoter on promoter.id = part.promoter_id
order by part.sales_total_sort desc, part.id desc
