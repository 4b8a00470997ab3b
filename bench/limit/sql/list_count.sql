select count(*) from promotion
where campaign_id = $1 and state = 'accepted' and leads_count >= $2 and not is_stub and deleted_at is null
