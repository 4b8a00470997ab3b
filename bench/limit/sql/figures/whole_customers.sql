select customer_since_sort / 86400000, count(*) from lead
where customer_since_sort >= 1730419200000 and customer_since_sort < 1793491200000 and customer_since is not null
    and (state is null or state <> 'moved' and state <> 'denied') and not is_stub and deleted_at is null
group by 1
