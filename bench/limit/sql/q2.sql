select page.id, page.email, page.joined_at_sort, part.id, part.ref_id,
    offer.id, offer.name, offer.amount, offer.unit,
    reward.id, reward.name, reward.per_of_sale, reward.unit,
    newest.ids, newest.emails, newest.states, newest.times
from (
    select id, email, joined_at_sort from promoter
    where not is_stub and deleted_at is null and (joined_at_sort, id) < ($1, $2)
    order by joined_at_sort desc, id desc limit 51
) page
left join promotion part on part.promoter_id = page.id and not part.is_stub and part.deleted_at is null
left join offer on offer.id = part.current_offer_id
left join reward on reward.id = part.current_referral_reward_id
left join lateral (
    select array_agg(id) as ids, array_agg(email) as emails, array_agg(state) as states, array_agg(created_at) as times
    from (
        select id, email, state, created_at from lead
        where promotion_id = part.id and not is_stub and deleted_at is null
        order by created_at_sort desc, id desc limit 10
    ) ordered
) newest on true
order by page.joined_at_sort desc, page.id desc, part.id
