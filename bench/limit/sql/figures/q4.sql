select lead.created_at_sort / 86400000, lead.state, count(*)
from promotion join lead on lead.promotion_id = promotion.id
where promotion.campaign_id = $1 and lead.created_at_sort >= 1730419200000 and lead.created_at_sort < 1793491200000
    and not lead.is_stub and lead.deleted_at is null
group by 1, 2
