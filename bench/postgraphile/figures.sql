-- What PostGraphile is asked for in Q4: a campaign's referrals by month (UTC; its first millisecond) and state.

create function referrals_by_month(campaign bigint, begin bigint, beyond bigint)
    returns table (start bigint, lead_state text, referrals bigint) language sql stable as $$
    select extract(epoch from date_trunc('month', to_timestamp(lead.created_at / 1000.0), 'UTC'))::bigint * 1000,
        lead.state, count(*)
    from promotion join lead on lead.promotion_id = promotion.id
    where promotion.campaign_id = referrals_by_month.campaign and lead.created_at_sort >= referrals_by_month.begin
        and lead.created_at_sort < referrals_by_month.beyond and lead.state not in ('moved', 'denied')
    group by 1, 2
    order by 1, 2
$$;
