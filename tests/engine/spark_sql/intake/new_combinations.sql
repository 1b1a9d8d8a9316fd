CREATE OR REPLACE TABLE combination AS
SELECT
  CAST(ROW_NUMBER() OVER (
    ORDER BY provider NULLS LAST, commissioner NULLS LAST, point_of_delivery NULLS LAST, tariff_code NULLS LAST, treatment_function NULLS LAST, specialised_service NULLS LAST, national_tariff NULLS LAST, data_set NULLS LAST, cost_basis NULLS LAST, not_counted NULLS LAST
  ) AS INT) AS combination_id,
  *
FROM (
  SELECT DISTINCT
    provider,
    commissioner,
    point_of_delivery,
    tariff_code,
    treatment_function,
    specialised_service,
    national_tariff,
    data_set,
    cost_basis,
    not_counted
  FROM canonical
  WHERE
    fault = '' OR (
      :blank_total_kept AND fault = 'total cost is blank'
    )
)
