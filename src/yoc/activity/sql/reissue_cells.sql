-- What the charged lines of days with more than one price come to at each of those prices, by host, setting, provider
-- and period of prices: place 0 is the price first charged, the last place the price that holds now. Each line
-- is worked out and rounded at each price as `judged_line` does it at the last. A line that had no price yet comes to
-- nothing there, and is counted. Amounts are summed in two parts so that no sum overflows.
WITH exact AS (
    SELECT l.host_id, d.setting, d.provider, l.price_period, v.place, v.price_pence,
           coalesce(v.price_pence, 0) * l.quantity_thousandths * v.index_millionths AS of_book,
           CASE WHEN $basis = 'book' THEN 0
                ELSE l.submitted_pence * CASE WHEN $rounded_per_line THEN 1 ELSE 1000000000 END END AS as_submitted
    FROM judged_line l
    JOIN decision d ON d.combination_id = l.combination_id
    JOIN price_version v ON v.combination_id = l.combination_id AND v.price_period = l.price_period
    WHERE l.fate = 'charged'),
rounded AS (
    SELECT host_id, setting, provider, price_period, place, price_pence, as_submitted,
           CASE WHEN NOT $rounded_per_line THEN of_book
                WHEN of_book >= 0 THEN (of_book + 500000000) // 1000000000
                ELSE -((-of_book + 500000000) // 1000000000) END AS of_book
    FROM exact),
priced AS (
    SELECT host_id, setting, provider, price_period, place, price_pence,
           CASE WHEN price_pence IS NULL THEN 0
                WHEN $basis = 'book' THEN of_book
                WHEN sign(of_book) * sign(as_submitted) < 0 OR abs(of_book) < abs(as_submitted) THEN of_book
                ELSE as_submitted END AS amount
    FROM rounded)
SELECT host_id, setting, provider, price_period, place, count(*) AS lines,
       count(CASE WHEN price_pence IS NULL THEN 1 END) AS without_price,
       CAST(sum(amount // 1000000000) AS BIGINT) AS amount_high, CAST(sum(amount % 1000000000) AS BIGINT) AS amount_low
FROM priced
GROUP BY host_id, setting, provider, price_period, place
ORDER BY host_id, setting, provider, price_period, place
