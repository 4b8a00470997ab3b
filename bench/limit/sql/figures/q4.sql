-- Fewer groups to return than by day, of which a month and state have dozens.
select width_bucket(lead.created_at_sort, array[
        1730419200000, 1733011200000, 1735689600000, 1738368000000, 1740787200000, 1743465600000, 1746057600000,
        1748736000000, 1751328000000, 1754006400000, 1756684800000, 1759276800000, 1761955200000, 1764547200000,
        1767225600000, 1769904000000, 1772323200000, 1775001600000, 1777593600000, 1780272000000, 1782864000000,
        1785542400000, 1788220800000, 1790812800000
    ]::bigint[]), lead.state, count(*)
from promotion join lead on lead.promotion_id = promotion.id
where promotion.campaign_id = $1 and lead.created_at_sort >= 1730419200000 and lead.created_at_sort < 1793491200000
    and not lead.is_stub and lead.deleted_at is null
group by 1, 2
