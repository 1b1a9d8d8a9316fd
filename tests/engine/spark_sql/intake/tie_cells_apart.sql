SELECT
  rule,
  provider,
  period,
  point_of_delivery,
  first_pence,
  second_pence,
  first_thousandths,
  second_thousandths,
  first_cells,
  second_cells,
  money_apart
FROM tie_cell
WHERE
  money_apart OR quantity_apart
ORDER BY
  rule NULLS LAST,
  provider NULLS LAST,
  period NULLS LAST,
  point_of_delivery NULLS LAST
