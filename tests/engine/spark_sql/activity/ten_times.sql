WITH priced AS (
  SELECT
    j.combination_id,
    j.submitted_pence,
    CAST(ABS(j.submitted_pence) AS DECIMAL(38, 0)) * 1000000000 * :whole AS said,
    CAST(ABS(q.price_pence) AS DECIMAL(38, 0)) * ABS(j.quantity_thousandths) * q.index_millionths AS book
  FROM judged_line AS j
  JOIN period_price AS q
    ON q.combination_id = j.combination_id AND q.price_period = j.price_period
  WHERE
    j.fate = 'charged'
    AND q.price_pence <> 0
    AND j.submitted_pence <> 0
    AND j.quantity_thousandths <> 0
    AND NOT (
      :amount_is_book AND j.amount = j.submitted_pence
    )
    AND (
      j.submitted_pence < 0
    ) = (
      (
        q.price_pence < 0
      ) <> (
        j.quantity_thousandths < 0
      )
    )
    AND ABS(j.quantity_thousandths) <= CAST(2305843009213693951 AS BIGINT) DIV GREATEST(q.largest, 1)
), found AS (
  SELECT
    combination_id,
    submitted_pence,
    book,
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
  c.provider,
  c.point_of_delivery,
  c.tariff_code,
  f.ratio,
  COUNT(*) AS lines,
  CAST(SUM(f.submitted_pence) AS BIGINT) AS submitted_pence,
  CAST(SUM(
    CAST((
      CAST(f.book AS DECIMAL(38, 0)) - CAST(f.book AS DECIMAL(38, 0)) % CAST(1000000000 AS DECIMAL(38, 0))
    ) / CAST(1000000000 AS DECIMAL(38, 0)) AS DECIMAL(38, 0))
  ) AS BIGINT) AS book_high,
  CAST(SUM(f.book % 1000000000) AS BIGINT) AS book_low
FROM found AS f
JOIN combination AS c
  ON c.combination_id = f.combination_id
WHERE
  f.ratio <> ''
GROUP BY
  c.provider,
  c.point_of_delivery,
  c.tariff_code,
  f.ratio
