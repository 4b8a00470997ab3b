select created_at_sort / 86400000, count(*) from lead
where promoter_id = $1 and created_at_sort >= 1761955200000 and created_at_sort < 1793491200000
    and (state is null or state <> 'moved' and state <> 'denied') and not is_stub and deleted_at is null
group by 1
