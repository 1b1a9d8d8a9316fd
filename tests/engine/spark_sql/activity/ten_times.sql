WITH priced AS (
  SELECT
    j.provider,
    c.point_of_delivery,
    c.tariff_code,
    j.submitted_pence,
    CAST(ABS(j.submitted_pence) AS DECIMAL(38, 0)) * 1000000000 * :whole AS said,
    CAST(ABS(q.price_pence) AS DECIMAL(38, 0)) * ABS(j.quantity_thousandths) * q.index_millionths AS book
  FROM judged_line AS j
  JOIN period_price AS q
    ON q.combination_id = j.combination_id AND q.price_period = j.price_period
  JOIN combination AS c
    ON c.combination_id = j.combination_id
  WHERE
    j.fate = 'charged'
    AND NOT q.price_pence IS NULL
    AND NOT j.submitted_pence IS NULL
    AND SIGN(j.submitted_pence) = SIGN(q.price_pence) * SIGN(j.quantity_thousandths)
    AND ABS(j.quantity_thousandths) <= CAST(2305843009213693951 AS BIGINT) DIV GREATEST(q.largest, 1)
), found AS (
  SELECT
    *,
    CASE
      WHEN said >= book * :over_from AND said <= book * :over_to
      THEN 'ten times'
      WHEN said >= book * :under_from AND said <= book * :under_to
      THEN 'a tenth'
      WHEN said >= 10 * book * :over_from AND said <= 10 * book * :over_to
      THEN 'a hundred times'
      WHEN 10 * said >= book * :under_from AND 10 * said <= book * :under_to
      THEN 'a hundredth'
      WHEN said >= 100 * book * :over_from AND said <= 100 * book * :over_to
      THEN 'a thousand times'
      WHEN 100 * said >= book * :under_from AND 100 * said <= book * :under_to
      THEN 'a thousandth'
      WHEN said > book * :whole * :far
      THEN 'far over'
      WHEN said * :far < book * :whole
      THEN 'far under'
      ELSE ''
    END AS ratio
  FROM priced
  WHERE
    book > 0
)
SELECT
  provider,
  point_of_delivery,
  tariff_code,
  ratio,
  COUNT(*) AS lines,
  CAST(SUM(submitted_pence) AS BIGINT) AS submitted_pence,
  CAST(CAST((
    CAST(SUM(CAST(book AS DECIMAL(38, 0))) + 500000000 AS DECIMAL(38, 0)) - CAST(SUM(CAST(book AS DECIMAL(38, 0))) + 500000000 AS DECIMAL(38, 0)) % CAST(1000000000 AS DECIMAL(38, 0))
  ) / CAST(1000000000 AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) AS BIGINT) AS book_pence
FROM found
WHERE
  ratio <> ''
GROUP BY
  provider,
  point_of_delivery,
  tariff_code,
  ratio
ORDER BY
  provider NULLS LAST,
  point_of_delivery NULLS LAST,
  tariff_code NULLS LAST,
  ratio NULLS LAST
