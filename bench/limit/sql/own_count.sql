select count(*) from lead where promoter_id = $1 and not is_stub and deleted_at is null
