-- Each combination of the columns on which rules depend gets a number. A blank total alone is no fault where it is kept.
CREATE OR REPLACE TABLE combination AS
SELECT CAST(row_number() OVER (ORDER BY provider, commissioner, point_of_delivery, tariff_code, treatment_function,
                                    specialised_service, national_tariff, data_set, cost_basis, not_counted)
            AS INTEGER) AS combination_id, *
FROM (SELECT DISTINCT provider, commissioner, point_of_delivery, tariff_code, treatment_function, specialised_service,
                      national_tariff, data_set, cost_basis, not_counted
      FROM canonical
      WHERE fault = '' OR ($blank_total_kept AND fault = 'total cost is blank'))
