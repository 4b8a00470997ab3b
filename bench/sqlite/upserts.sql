insert into promoter (id, email, email_folded, name, is_stub, field_clocks, first_seen_at, updated_at)
values (?1, ?3, ?3, 'Promoter', false, ?2, ?4, ?4)
on conflict (id) do update set email = excluded.email, email_folded = excluded.email_folded, name = excluded.name,
    is_stub = excluded.is_stub, field_clocks = excluded.field_clocks, updated_at = excluded.updated_at;

insert into promotion (id, promoter_id, state, ref_id, ref_id_folded, promo_code, customer_promo_code, referral_link,
    visitors_count, leads_count, customers_count, active_customers_count, sales_count, sales_total, created_at, is_stub,
    field_clocks, first_seen_at, updated_at)
values (?1, ?5, 'accepted', 'ref' || ?1, 'ref' || ?1, 'CODE' || ?1, 'CODE' || ?1,
    'https://shop.example.com/?fpr=ref' || ?1, ?4, ?4 % 1000, 7, 5, 9, ?4 * 100, 1707639342000, false, ?2, ?4, ?4)
on conflict (id) do update set promoter_id = excluded.promoter_id, state = excluded.state, ref_id = excluded.ref_id,
    ref_id_folded = excluded.ref_id_folded, promo_code = excluded.promo_code,
    customer_promo_code = excluded.customer_promo_code, referral_link = excluded.referral_link,
    visitors_count = excluded.visitors_count, leads_count = excluded.leads_count,
    customers_count = excluded.customers_count, active_customers_count = excluded.active_customers_count,
    sales_count = excluded.sales_count, sales_total = excluded.sales_total, created_at = excluded.created_at,
    is_stub = excluded.is_stub, field_clocks = excluded.field_clocks, updated_at = excluded.updated_at;

insert into lead (id, promoter_id, promotion_id, state, email, email_folded, uid, username, website, first_name,
    last_name, suspicion, created_at, entry_source, metadata, is_expired, is_stub, field_clocks, first_seen_at, updated_at)
values (?1, ?5, ?6, 'signup', ?3, ?3, 'cus_' || ?1, 'lead' || ?1, 'https://customer.example.com', 'Anna', 'Example',
    'no_suspicion', ?4, 'cookie', '{"plan":"team"}', false, false, ?2, ?4, ?4)
on conflict (id) do update set promoter_id = excluded.promoter_id, promotion_id = excluded.promotion_id,
    state = excluded.state, email = excluded.email, email_folded = excluded.email_folded, uid = excluded.uid,
    username = excluded.username, website = excluded.website, first_name = excluded.first_name,
    last_name = excluded.last_name, suspicion = excluded.suspicion, created_at = excluded.created_at,
    entry_source = excluded.entry_source, metadata = excluded.metadata, is_expired = excluded.is_expired,
    is_stub = excluded.is_stub, field_clocks = excluded.field_clocks, updated_at = excluded.updated_at
