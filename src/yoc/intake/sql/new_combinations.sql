-- Each new combination of the columns on which rules depend gets a number.
INSERT INTO combination
SELECT (SELECT count(*) FROM combination) + row_number() OVER (), *
FROM (SELECT DISTINCT provider, commissioner, point_of_delivery, tariff_code, treatment_function, specialised_service,
                      national_tariff
      FROM read_line WHERE fault = ''
      EXCEPT
      SELECT provider, commissioner, point_of_delivery, tariff_code, treatment_function, specialised_service,
             national_tariff
      FROM combination)
