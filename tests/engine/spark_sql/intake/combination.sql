CREATE OR REPLACE TABLE combination AS
SELECT
  CAST(ROW_NUMBER() OVER (
    ORDER BY provider NULLS LAST, commissioner NULLS LAST, point_of_delivery NULLS LAST, tariff_code NULLS LAST, treatment_function NULLS LAST, specialised_service NULLS LAST, national_tariff NULLS LAST, data_set NULLS LAST, cost_basis NULLS LAST, not_counted NULLS LAST, kind NULLS LAST
  ) AS INT) AS combination_id,
  *
FROM (
  SELECT DISTINCT
    kind,
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
  FROM canonical_part
  WHERE
    fault IN (
      SELECT
        fault
      FROM kept_fault
    )
) AS distinct_codes
