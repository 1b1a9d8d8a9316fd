-- Each combination of the columns on which rules depend gets a number, in the order of its texts. Only lines that can be
-- used are asked.
CREATE OR REPLACE TABLE combination AS
SELECT CAST(row_number() OVER (ORDER BY provider, commissioner, point_of_delivery, tariff_code, treatment_function,
                                        specialised_service, national_tariff, data_set, cost_basis, not_counted, kind)
            AS INTEGER) AS combination_id, *
FROM (SELECT DISTINCT kind, provider, commissioner, point_of_delivery, tariff_code, treatment_function,
                      specialised_service, national_tariff, data_set, cost_basis, not_counted
      FROM canonical_part WHERE fault IN (SELECT fault FROM kept_fault)) distinct_codes
