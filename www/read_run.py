"""Reads a run saved by MOLE in the browser: python read_run.py run.json"""
import json
import sys

def read_run(path):
    """The run as a dict, and its curves as rows: stage, quantity, unit, step, epoch, value."""
    with open(path, encoding="utf-8") as file:
        run = json.load(file)
    if (run.get("format"), run.get("version")) != ("mole-run", 1):
        raise ValueError(f"{path}: expected a mole-run of version 1")
    rows = []
    for number, stage in enumerate(run["stages"], 1):
        points = zip(stage["step"], stage["epoch"], stage["value"])
        rows += [(number, stage["objective"], stage["unit"], *point) for point in points]
        rows += [(number, f"{split} accuracy", "percent", None, point["epoch"], point[split])
                 for point in stage["accuracy"] for split in point if split != "epoch"]
    return run, rows

if __name__ == "__main__":
    print(*read_run(sys.argv[1])[1], sep="\n")
