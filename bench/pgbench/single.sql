-- One event and its three upserts, as one transaction: the usual way to write a webhook.
\set number random(1, 1000000000000)
\set named random(0, 29999)
\set promotion 6000000 + :named
\set promoter 5000000 + :named * 2 / 3
begin;
insert into webhook_event (id, protocol, event_type, event_id, body_hash, body, occurred_at, received_at, status,
    applied_at, deliveries, last_delivered_at)
select lpad(:number::text, 36, '0'), 'v2', 'referral.created', '7d3c1f00-0000-4000-8000-' || :number::text,
    lpad(:number::text, 64, '0'), b.body || convert_to(:number::text, 'UTF8'), :number::bigint, :number::bigint,
    'applied', :number::bigint, 1, :number::bigint
from bench_body b where b.id = 1
on conflict (protocol, event_type, event_id, body_hash) do update set deliveries = webhook_event.deliveries + 1;
insert into promoter (id, email, email_folded, name, is_stub, field_clocks, first_seen_at, updated_at)
values (:promoter, :number::text || '@example.com', :number::text || '@example.com', 'Promoter', false,
    :number::text || '.1.ff00ff00ff00ff.1fe.7d3c1f00-0000-4000-8000-' || :number::text, :number::bigint, :number::bigint)
on conflict (id) do update set email = excluded.email, email_folded = excluded.email_folded, name = excluded.name,
    is_stub = excluded.is_stub, field_clocks = excluded.field_clocks, updated_at = excluded.updated_at;
insert into promotion (id, promoter_id, state, ref_id, ref_id_folded, promo_code, customer_promo_code, referral_link,
    visitors_count, leads_count, customers_count, active_customers_count, sales_count, sales_total, created_at, is_stub,
    field_clocks, first_seen_at, updated_at)
values (:promotion, :promoter, 'accepted', 'ref' || :named::text, 'ref' || :named::text, 'CODE' || :named::text, 'CODE' || :named::text,
    'https://shop.example.com/?fpr=ref' || :named::text, :number::bigint, :number::bigint % 1000, 7, 5, 9, :number::bigint * 100,
    1707639342000, false, :number::text || '.1.ff00ff00ff00ff.1fe.7d3c1f00-0000-4000-8000-' || :number::text, :number::bigint,
    :number::bigint)
on conflict (id) do update set promoter_id = excluded.promoter_id, state = excluded.state, ref_id = excluded.ref_id,
    ref_id_folded = excluded.ref_id_folded, promo_code = excluded.promo_code,
    customer_promo_code = excluded.customer_promo_code, referral_link = excluded.referral_link,
    visitors_count = excluded.visitors_count, leads_count = excluded.leads_count,
    customers_count = excluded.customers_count, active_customers_count = excluded.active_customers_count,
    sales_count = excluded.sales_count, sales_total = excluded.sales_total, created_at = excluded.created_at,
    is_stub = excluded.is_stub, field_clocks = excluded.field_clocks, updated_at = excluded.updated_at;
insert into lead (id, promoter_id, promotion_id, state, email, email_folded, uid, username, website, first_name,
    last_name, suspicion, created_at, entry_source, metadata, is_expired, is_stub, field_clocks, first_seen_at, updated_at)
values (:number, :promoter, :promotion, 'signup', :number::text || '@example.com', :number::text || '@example.com',
    'cus_' || :number::text, 'lead' || :number::text, 'https://customer.example.com', 'Anna', 'Example', 'no_suspicion',
    :number::bigint, 'cookie', '{"plan":"team"}', false, false,
    :number::text || '.1.ff00ff00ff00ff.1fe.7d3c1f00-0000-4000-8000-' || :number::text, :number::bigint, :number::bigint)
on conflict (id) do update set promoter_id = excluded.promoter_id, promotion_id = excluded.promotion_id,
    state = excluded.state, email = excluded.email, email_folded = excluded.email_folded, uid = excluded.uid,
    username = excluded.username, website = excluded.website, first_name = excluded.first_name,
    last_name = excluded.last_name, suspicion = excluded.suspicion, created_at = excluded.created_at,
    entry_source = excluded.entry_source, metadata = excluded.metadata, is_expired = excluded.is_expired,
    is_stub = excluded.is_stub, field_clocks = excluded.field_clocks, updated_at = excluded.updated_at;
commit;
