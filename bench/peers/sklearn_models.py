"""scikit-learn's models on tables that it makes, or on a catalog of KOIs.

`table` writes what it made beside the request's file, as float32 and float64, and keeps it; `fit`
learns the training rows and says what the test rows are worth. CPU time of learning alone is `seconds`.
"""

import csv
import gzip
from time import process_time

import numpy as np
from sklearn.datasets import load_breast_cancer, make_classification, make_friedman1
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score
from sklearn.model_selection import GroupShuffleSplit, train_test_split
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from serve import serve, versions

TABLES = {}
NO_FEATURES = ("kepid", "kepoi_name", "kepler_name", "koi_disposition", "koi_pdisposition", "koi_score")


def koi(path, seed):
    """Numeric columns only: no names, no verdicts, none of the flags that made the verdicts."""
    with gzip.open(path, "rt") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    names = [
        name
        for name in rows[0]
        if name not in NO_FEATURES and not name.startswith("koi_fpflag") and name != "koi_tce_delivname"
    ]
    x = np.array([[float(row[name] or "nan") for name in names] for row in rows])
    x = x[:, ~np.all(np.isnan(x), axis=0)]
    labels = sorted({row["koi_disposition"] for row in rows})
    y = np.array([labels.index(row["koi_disposition"]) for row in rows], dtype=float)
    groups = np.array([row["kepid"] for row in rows])
    split = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=seed)
    return x, y, *next(split.split(x, y, groups))


def made(name, seed):
    if name == "breast cancer":
        x, y = load_breast_cancer(return_X_y=True)
    elif name == "three classes":
        x, y = make_classification(
            20_000, 20, n_informative=8, n_redundant=4, n_classes=3, flip_y=0.05, random_state=seed
        )
    else:
        x, y = make_friedman1(20_000, n_features=10, noise=1.0, random_state=seed)
    stratify = None if name == "friedman 1" else y
    train, test = train_test_split(np.arange(len(y)), test_size=0.2, random_state=seed, stratify=stratify)
    return x, y, train, test


def table(_time, _flux, _error, request):
    name, seed = request["name"], request["seed"]
    x, y, train, test = koi(request["file"], seed) if name == "koi" else made(name, seed)
    x = x.astype(np.float32)
    classes = 0 if name == "friedman 1" else int(y.max()) + 1
    TABLES[name] = x[train], y[train], x[test], y[test], classes
    for part, rows in (("train", train), ("test", test)):
        x[rows].tofile(f"{request['path']}.{part}.x")
        y[rows].astype(np.float64).tofile(f"{request['path']}.{part}.y")
    return {"features": x.shape[1], "classes": classes, "rows": len(y)}


def model_of(name, is_regression, request):
    seed, trees, share = request["seed"], request["trees"], request["maxFeatures"]
    forest = {"n_estimators": trees, "max_features": share, "random_state": seed, "n_jobs": 1}
    boosting = {"max_iter": trees, "early_stopping": False, "random_state": seed}
    pairs = {
        "random_forest": lambda: (RandomForestRegressor if is_regression else RandomForestClassifier)(**forest),
        "extra_trees": lambda: (ExtraTreesRegressor if is_regression else ExtraTreesClassifier)(**forest),
        "gradient_boosting": lambda: (
            HistGradientBoostingRegressor if is_regression else HistGradientBoostingClassifier
        )(**boosting),
        "logistic_regression": lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        "ridge": lambda: make_pipeline(StandardScaler(), Ridge(alpha=1.0)),
        "k_nearest": lambda: make_pipeline(
            StandardScaler(), (KNeighborsRegressor if is_regression else KNeighborsClassifier)(15)
        ),
    }
    return pairs[name]()


def fit(_time, _flux, _error, request):
    x, y, test_x, test_y, classes = TABLES[request["name"]]
    model = model_of(request["model"], classes == 0, request)
    marks = [process_time()]
    model.fit(x, y if classes == 0 else y.astype(int))
    marks.append(process_time())
    said = model.predict(test_x) if classes == 0 else model.predict_proba(test_x)
    marks.append(process_time())
    times = {"seconds": marks[1] - marks[0], "predictSeconds": marks[2] - marks[1]}
    if classes == 0:
        return {**times, "score": r2_score(test_y, said)}
    scores = said[:, 1] if classes == 2 else said
    return {
        **times,
        "score": accuracy_score(test_y, said.argmax(axis=1)),
        "auc": roc_auc_score(test_y, scores, multi_class="ovr", average="macro"),
    }


if __name__ == "__main__":
    serve({"table": table, "fit": fit, "versions": versions("scikit-learn", "numpy")})
