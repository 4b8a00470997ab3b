select cancelled_at_sort / 86400000, count(*) from lead
where cancelled_at_sort >= 1730419200000 and cancelled_at_sort < 1793491200000 and cancelled_at is not null
    and (state is null or state <> 'moved' and state <> 'denied') and not is_stub and deleted_at is null
group by 1
