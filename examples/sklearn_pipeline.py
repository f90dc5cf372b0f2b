"""A network among scikit-learn's tools: scaled features, a search for the best arguments, a score on unseen rows.

It needs scikit-learn: pip install "nn-scratch[sklearn]".
"""

from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nn_scratch.sklearn import NNClassifier

X, y = load_digits(return_X_y=True)  # 1,797 images of 8x8, as rows of 64 numbers
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)

model = make_pipeline(StandardScaler(), NNClassifier(epochs=30, random_state=0))
search = GridSearchCV(model, {"nnclassifier__hidden": [(10,), (50,), (50, 25)]}, cv=3)
search.fit(X_train, y_train)
for arguments, score in zip(search.cv_results_["params"], search.cv_results_["mean_test_score"], strict=True):
    print(f"hidden {arguments['nnclassifier__hidden']}: {score:.2%} in cross-validation")

print(f"the best on {len(X_test)} digits that it has never seen: {search.score(X_test, y_test):.2%}")
