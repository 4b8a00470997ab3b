select me.id, me.email, me.name, me.status, me.joined_at,
    part.id, part.ref_id, part.referral_link, part.leads_count, part.customers_count, part.sales_total,
    campaign.id, campaign.name,
    offer.id, offer.name, offer.amount, offer.unit,
    reward.id, reward.name, reward.per_of_sale, reward.unit
from promoter me
left join promotion part on part.promoter_id = me.id and not part.is_stub and part.deleted_at is null
left join campaign on campaign.id = part.campaign_id
left join offer on offer.id = part.current_offer_id
left join reward on reward.id = part.current_referral_reward_id
where me.id = $1 and not me.is_stub and me.deleted_at is null
order by part.id
