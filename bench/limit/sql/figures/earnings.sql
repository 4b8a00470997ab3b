select created_at_sort / 86400000, sum(amount)::bigint from commission
where created_at_sort >= 1730419200000 and created_at_sort < 1793491200000
    and status in ('pending', 'approved') and unit = 'cash' and not is_stub and deleted_at is null
group by 1
