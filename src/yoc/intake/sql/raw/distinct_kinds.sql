-- The distinct sets of codes in some rows: each set is decided once, in Python.
SELECT DISTINCT provider, commissioner, point_of_delivery, tariff_code, treatment_function, main_specialty,
                specialised_service, national_tariff, admission_method, patient_classification, attended, department_type
FROM incoming
