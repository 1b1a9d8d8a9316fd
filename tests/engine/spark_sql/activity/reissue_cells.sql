WITH exact AS (
  SELECT
    l.host_id,
    d.setting,
    d.provider,
    l.price_period,
    v.place,
    v.price_pence,
    COALESCE(v.price_pence, 0) * l.quantity_thousandths * v.index_millionths AS of_book,
    CASE
      WHEN :basis = 'book'
      THEN 0
      ELSE l.submitted_pence * CASE WHEN :rounded_per_line THEN 1 ELSE 1000000000 END
    END AS as_submitted
  FROM judged_line AS l
  JOIN decision AS d
    ON d.combination_id = l.combination_id
  JOIN price_version AS v
    ON v.combination_id = l.combination_id AND v.price_period = l.price_period
  WHERE
    l.fate = 'charged'
), rounded AS (
  SELECT
    host_id,
    setting,
    provider,
    price_period,
    place,
    price_pence,
    as_submitted,
    CASE
      WHEN NOT :rounded_per_line
      THEN of_book
      WHEN of_book >= 0
      THEN CAST(of_book + 500000000 AS BIGINT) DIV 1000000000
      ELSE -(
        CAST(-of_book + 500000000 AS BIGINT) DIV 1000000000
      )
    END AS of_book
  FROM exact
), priced AS (
  SELECT
    host_id,
    setting,
    provider,
    price_period,
    place,
    price_pence,
    CASE
      WHEN price_pence IS NULL
      THEN 0
      WHEN :basis = 'book'
      THEN of_book
      WHEN SIGN(of_book) * SIGN(as_submitted) < 0 OR ABS(of_book) < ABS(as_submitted)
      THEN of_book
      ELSE as_submitted
    END AS amount
  FROM rounded
)
SELECT
  host_id,
  setting,
  provider,
  price_period,
  place,
  COUNT(*) AS lines,
  COUNT(CASE WHEN price_pence IS NULL THEN 1 END) AS without_price,
  CAST(SUM(CAST(amount AS BIGINT) DIV 1000000000) AS BIGINT) AS amount_high,
  CAST(SUM(amount % 1000000000) AS BIGINT) AS amount_low
FROM priced
GROUP BY
  host_id,
  setting,
  provider,
  price_period,
  place
ORDER BY
  host_id NULLS LAST,
  setting NULLS LAST,
  provider NULLS LAST,
  price_period NULLS LAST,
  place NULLS LAST
