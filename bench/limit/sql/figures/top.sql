select promoter_id, count(*) from lead
where created_at_sort >= $1 and created_at_sort < $2
    and (state is null or state <> 'moved' and state <> 'denied') and not is_stub and deleted_at is null
group by 1
