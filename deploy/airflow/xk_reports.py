"""An Airflow DAG: the whole run as one task, then one notebook with the papermill operator.

Needs apache-airflow-providers-standard; for the second task apache-airflow-providers-papermill, and the project's
environment as a kernel of Airflow's user: .venv/bin/python -m ipykernel install --user --name xk
"""

from __future__ import annotations

import pendulum
from airflow import DAG
from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.providers.standard.operators.bash import BashOperator

HOME, OUT = "/srv/xk", "/srv/reports"

with DAG(
    "xk_reports",
    description="Reports of the target programme",
    schedule="30 6 * * 1",
    start_date=pendulum.datetime(2018, 1, 1, tz="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 1, "retry_delay": pendulum.duration(minutes=10)},
) as dag:
    # The run locks, checks, publishes and tells by its exit status: 75 (another run is at work) skips the task.
    reports = BashOperator(
        task_id="reports",
        bash_command=f".venv/bin/xk report --out {OUT} --keep 12",
        cwd=HOME,
        env={"PYTHONHASHSEED": "0"},
        append_env=True,
        skip_on_exit_code=75,
    )
    # One notebook on its own, in a kernel: no checks of what it shows, no page, just the executed notebook.
    overview = PapermillOperator(
        task_id="overview",
        input_nb=f"{HOME}/notebooks/reports/overview.ipynb",
        output_nb=f"{OUT}/overview-{{{{ ds_nodash }}}}.ipynb",
        parameters={"region": "yunfu"},
        kernel_name="xk",
    )
    reports >> overview
