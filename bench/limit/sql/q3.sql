select page.id, page.email, page.state, page.created_at, page.created_at_sort,
    promoter.id, promoter.email, part.id, campaign.id, campaign.name
from (
    select id, email, state, created_at, created_at_sort, promoter_id, promotion_id from lead
    where not is_stub and deleted_at is null and (created_at_sort, id) < ($1, $2)
    order by created_at_sort desc, id desc limit 101
) page
left join promoter on promoter.id = page.promoter_id
left join promotion part on part.id = page.promotion_id
left join campaign on campaign.id = part.campaign_id
order by page.created_at_sort desc, page.id desc
