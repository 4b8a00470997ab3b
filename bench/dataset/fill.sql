-- Fills the mirrored tables of a migrated database with a made-up programme: 20 campaigns, 20 offers, 60 rewards,
-- 20,000 promoters, 30,000 promotions, :leads leads of 24 months, and two commissions for three in ten of them. The same :seed gives the same rows. Ids fit those
-- of the webhooks of `demo::referral_created`. Texts are lower-case ASCII where they are folded, so that a folded copy
-- equals its text.
--
-- Variables: leads, seed, and clocks: the name of the column with the clocks of a row's fields.

begin;
-- Foreign keys hold by construction: checking them row by row would take longer than the rest.
set local session_replication_role = replica;
set local maintenance_work_mem = '256MB';

-- A number below $3, random by the row's number $1 and the purpose $2.
\set body 'select (hashint8extended($1, $2 * 1000003 + ' :seed ') & 9223372036854775807) % $3'
create function pg_temp.random_below(bigint, bigint, bigint) returns bigint language sql immutable as :'body';

create function pg_temp.first_name(n bigint) returns text language sql immutable as $$
    select (array['anna', 'ben', 'clara', 'david', 'emma', 'felix', 'grace', 'henry', 'ines', 'jonas', 'karin', 'luca',
        'maria', 'noah', 'olga', 'paul', 'rosa', 'simon', 'tina', 'victor'])[1 + n % 20] $$;
create function pg_temp.last_name(n bigint) returns text language sql immutable as $$
    select (array['adams', 'bauer', 'costa', 'diaz', 'eriksen', 'fischer', 'garcia', 'hansen', 'ivanov', 'jensen',
        'keller', 'lopez', 'meyer', 'novak', 'olsen', 'peters', 'rossi', 'schmidt', 'turner', 'weber'])[1 + n % 20] $$;
-- The clock of a webhook that set many fields at this time.
create function pg_temp.clocks(ms bigint, n bigint) returns text language sql immutable as $$
    select ms || ':1:' || to_hex(hashint8extended(n, 0)) || ':7fff:7d3c1f00-0000-4000-8000-' || lpad(n::text, 12, '0') $$;

-- November 2024 to October 2026, in milliseconds.
\set begin 1730419200000
\set span (730 * 86400000::bigint)

create temp table dropped_index on commit drop as
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
    where indrelid in ('promoter'::regclass, 'promotion'::regclass, 'lead'::regclass, 'commission'::regclass)
        and not exists (select from pg_constraint where conindid = indexrelid);
do $$ declare dropped record; begin
    for dropped in select name from dropped_index loop execute 'drop index ' || dropped.name; end loop;
end $$;

insert into offer (id, name, name_folded, amount, unit, default_promo_code, is_stub, :"clocks", first_seen_at, updated_at)
    select 100 + n, 'offer ' || n, 'offer ' || n, (5 + n % 4 * 5) * 10000, 'discount_per', 'SAVE' || n, false,
        pg_temp.clocks(:begin, n), :begin, :begin
    from generate_series(1, 20) n;

insert into reward (id, name, name_folded, reward_type, unit, amount, per_of_sale, is_stub, :"clocks", first_seen_at,
        updated_at)
    select 200 + n, 'reward ' || n, 'reward ' || n,
        (array['per_referral', 'per_promotion', 'per_target'])[1 + (n - 1) / 20], 'cash',
        case when n > 20 then n * 100 * 10000 end, case when n <= 20 then (50 + n * 5) * 1000 end, false,
        pg_temp.clocks(:begin, n), :begin, :begin
    from generate_series(1, 60) n;

insert into campaign (id, name, name_folded, landing_url, private, color, auto_approve_rewards, auto_approve_promoters,
        offer_id, referral_reward_id, promotion_reward_id, target_reward_id, is_stub, :"clocks", first_seen_at, updated_at)
    select n, 'campaign ' || n, 'campaign ' || n, 'https://shop.example.com/campaign/' || n, n % 5 = 0, '#3b82f6', true,
        n % 2 = 0, 100 + n, 200 + n, 220 + n, 240 + n, false, pg_temp.clocks(:begin, n), :begin, :begin
    from generate_series(1, 20) n;

insert into lead (id, promoter_id, promotion_id, state, email, email_folded, uid, username, first_name, last_name,
        customer_since, cancelled_at, plan_name, suspicion, created_at, entry_source, metadata, is_expired, is_stub,
        :"clocks", first_seen_at, updated_at)
    select id, 5000000 + promotion * 2 / 3, 6000000 + promotion, state, email, email, 'cus_' || to_hex(id),
        first_name || n, first_name, last_name, customer_since, cancelled_at,
        case when customer_since is not null then (array['starter', 'team', 'business'])[1 + n % 3] end, 'no_suspicion',
        created_at, 'cookie', '{"plan":"team"}', false, false, pg_temp.clocks(updated_at, n), created_at, updated_at
    from generate_series(1, :leads::bigint) n
    cross join lateral (
        select 10000000 + n as id, pg_temp.random_below(n, 1, 30000) as promotion,
            pg_temp.random_below(n, 2, 100) as share,
            pg_temp.first_name(pg_temp.random_below(n, 3, 20)) as first_name,
            pg_temp.last_name(pg_temp.random_below(n, 4, 20)) as last_name,
            -- Leads come one after the other, and some are told of a few minutes late.
            :begin + n * (:span / :leads) + pg_temp.random_below(n, 5, 600000) as created_at
    ) made
    cross join lateral (
        select first_name || '.' || last_name || n || '@customer.example.com' as email,
            case when share < 50 then 'signup' when share < 80 then 'active' when share < 90 then 'cancelled'
                when share < 93 then 'refunded' when share < 95 then 'subscribed' when share < 97 then 'pending'
                when share < 99 then 'denied' else 'moved' end as state,
            case when share between 50 and 92 then created_at + 604800000 end as customer_since,
            case when share between 80 and 89 then created_at + 7776000000 end as cancelled_at
    ) state
    cross join lateral (select coalesce(cancelled_at, customer_since, created_at) as updated_at) updated;

-- A sale a month after another. Of each twentieth customer the second one is a refund of the first; the promoter of each
-- tenth has a parent who earns a commission of the second tier by the first sale instead.
insert into commission (id, status, amount, unit, sale_amount, sale_event_id, tier, created_at, lead_id, promoter_id,
        promotion_id, reward_id, commission_type, is_paid, is_split, is_self_referral, suspicion, is_stub, :"clocks",
        first_seen_at, updated_at)
    select 20000000 + (id - 10000000) * 2 + nth,
        case when n % 20 < 16 then 'approved' when n % 20 < 19 then 'pending' else 'denied' end,
        sale * 2000 * case when tier = 2 then 1 else 4 end, 'cash', sale,
        'ch_' || to_hex(id) || case when tier = 2 or nth = 0 then '' when sale < 0 then '_refund' else '_2' end, tier,
        created_at + nth * 2592000000, id, promoter_id, promotion_id, 200 + promotion_id % 20, 'sale', n % 3 = 0, false,
        false, 'no_suspicion', false, pg_temp.clocks(created_at, n), created_at, created_at
    from (select *, id - 10000000 as n from lead where customer_since is not null) customer
    cross join generate_series(0, 1) nth
    cross join lateral (
        select case when nth = 1 and n % 20 = 0 then -1 else 1 end * (1900 + pg_temp.random_below(n, 30, 8000)) as sale,
            case when nth = 1 and n % 10 = 5 then 2 else 1 end as tier
    ) made
    where n % 10 < 7;

insert into promotion (id, promoter_id, campaign_id, status, state, ref_id, ref_id_folded, referral_link, hidden,
        visitors_count, leads_count, customers_count, active_customers_count, sales_count, refunds_count,
        cancellations_count, sales_total, refunds_total, current_offer_id, current_referral_reward_id,
        current_promotion_reward_id, current_target_reward_id, created_at, is_stub, :"clocks", first_seen_at, updated_at)
    select 6000000 + n, 5000000 + n * 2 / 3, campaign, 'offer_running',
        case when share < 90 then 'accepted' when share < 95 then 'pending' when share < 98 then 'inactive'
            else 'rejected' end,
        'ref' || n, 'ref' || n, 'https://shop.example.com/?fpr=ref' || n, false, leads * 20, leads, customers, active,
        customers * 3, refunded, cancelled, customers * 3 * (1900 + pg_temp.random_below(n, 12, 8000)),
        refunded * -1900, 100 + offer, 200 + reward, 220 + reward, 240 + reward, created_at, false,
        pg_temp.clocks(created_at, n), created_at, created_at
    from generate_series(0, 29999::bigint) n
    left join (
        select promotion_id - 6000000 as n, count(*) as leads, count(customer_since) as customers,
            count(*) filter (where state = 'active') as active, count(*) filter (where state = 'refunded') as refunded,
            count(*) filter (where state = 'cancelled') as cancelled
        from lead group by promotion_id
    ) counted using (n)
    cross join lateral (
        select n % 20 + 1 as campaign, pg_temp.random_below(n, 10, 100) as share,
            :begin + n * (:span / 30000) + pg_temp.random_below(n, 11, 600000) as created_at
    ) made
    cross join lateral (
        -- One in ten has terms of its own instead of the campaign's.
        select case when share % 10 = 0 then pg_temp.random_below(n, 13, 20) + 1 else campaign end as offer,
            case when share % 10 = 0 then pg_temp.random_below(n, 14, 20) + 1 else campaign end as reward
    ) terms;

insert into promoter (id, status, email, email_folded, cust_id, name, default_ref_id, default_promotion_id,
        parent_promoter_id, joined_at, last_login_at, is_stub, :"clocks", first_seen_at, updated_at)
    select 5000000 + n, case when share < 95 then 'active' when share < 98 then 'pending' else 'blocked' end,
        email, email, 'usr_' || to_hex(n), initcap(first_name || ' ' || last_name), 'ref' || (n * 3 + 1) / 2,
        6000000 + (n * 3 + 1) / 2,
        case when share % 10 = 0 and n > 0 then 5000000 + pg_temp.random_below(n, 23, n) end,
        joined_at, joined_at + 86400000, false, pg_temp.clocks(joined_at, n), joined_at, joined_at
    from generate_series(0, 19999::bigint) n
    cross join lateral (
        select pg_temp.random_below(n, 20, 100) as share,
            pg_temp.first_name(pg_temp.random_below(n, 21, 20)) as first_name,
            pg_temp.last_name(pg_temp.random_below(n, 22, 20)) as last_name,
            :begin + n * (:span / 20000) + pg_temp.random_below(n, 24, 600000) as joined_at
    ) made
    cross join lateral (select first_name || '.' || last_name || n || '@partners.example.com' as email) address;

do $$ declare dropped record; begin
    for dropped in select definition from dropped_index loop execute dropped.definition; end loop;
end $$;
commit;

vacuum (analyze);
checkpoint;
