select id, email, state, created_at from lead
where promoter_id = $1 and not is_stub and deleted_at is null
order by created_at_sort desc, id desc limit 10
