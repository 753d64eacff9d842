#include <doctest/doctest.h>

#include <algorithm>
#include <app/program.hpp>
#include <cmath>
#include <cstdlib>

// `nabla train`, `predict` and `inspect` as a person runs them: results, what is not lost, what is refused.

namespace {

using namespace program_test;

const std::string data_folder = std::string(NABLA_SOURCE_DIR) + "/examples/data/";

std::string iris() { return "--data '" + data_folder + "iris.csv' "; }

/// A training with all that has a state; how many epochs follows.
std::string stateful_training() {
  return "train " + iris() +
         "--layers 8,8 --optimizer adam --rate 0.001 --dropout 0.1 --normalize batch --residual --schedule cosine "
         "--validation 0.2 --patience 150 "
         "--batch 10 --epochs ";
}

/// Shell: starts a command that writes the file, and waits until it is there; its process is $p.
std::string started(const std::string& command, const std::string& file) {
  return "rm -f " + file + "; \"$NABLA\" " + command + " & p=$!; n=0; while [ $n -lt 1500 ] && [ ! -s " + file +
         " ]; do sleep 0.02; n=$((n+1)); done; ";
}

}  // namespace

TEST_CASE("train, inspect and predict iris") {
  const Outcome trained = run("train " + iris() +
                              "--layers 16,16 --optimizer sgd --momentum 0.9 --decay 1e-3 --epochs 200 --seed 1 "
                              "-o iris.model.json --curve iris.svg 2>&1");
  REQUIRE_MESSAGE(trained.status == 0, trained.output);
  CHECK(has(trained.output, "150 samples, 4 features, 3 classes of 'species'; 111 to train on, 39 to test on"));
  CHECK(has(trained.output, "network 4-16-16-3, relu, 403 parameters"));
  CHECK(
      has(trained.output,
          "sgd (momentum 0.9), rate 0.05, schedule 1/t (decay 0.001), batches of 32, mean of cross-entropy, l2 0.005"));
  CHECK(has(trained.output, "truth  predicted"));
  const std::size_t at = trained.output.find("test      ");
  REQUIRE(at != std::string::npos);
  CHECK(std::atoi(trained.output.c_str() + at + 10) >= 37);  // of 39
  CHECK(has(read("iris.svg"), "<polyline"));

  const Outcome inspected = run("inspect iris.model.json 2>&1");
  CHECK(inspected.status == 0);
  CHECK(has(inspected.output, "sepal_length, sepal_width, petal_length, petal_width"));
  CHECK(has(inspected.output, "hidden1.weight"));
  CHECK(has(inspected.output, "800 steps, 200 of 200 epochs"));
  CHECK(has(run("inspect iris.model.json --expression").output,
            "softmax(output.weight * relu(hidden2.weight * relu(hidden1.weight * x"));
  CHECK(run("inspect iris.model.json -o iris.dot").status == 0);
  CHECK(has(read("iris.dot"), "digraph"));

  const Outcome predicted = run("predict iris.model.json " + iris() + "2>/dev/null");
  CHECK(predicted.status == 0);
  CHECK(std::count(predicted.output.begin(), predicted.output.end(), '\n') == 151);
  CHECK(has(predicted.output, "species,probability\nsetosa,"));
  // Columns by name, in another order, without the target; at 30 digits.
  write("one.csv", "petal_width,petal_length,sepal_width,sepal_length\n0.2,1.4,3.5,5.1\n");
  const std::string shortly = run("predict iris.model.json --data one.csv --probabilities").output;
  const std::string finely = run("predict iris.model.json --data one.csv --probabilities --digits 30").output;
  const std::string begin = "species,setosa,versicolor,virginica\nsetosa,0.9";
  CHECK(shortly.starts_with(begin));
  CHECK(finely.starts_with(begin));
  CHECK(finely.size() > shortly.size() + 50);
}

TEST_CASE("an audited training says how right its gradients are, and trains as without") {
  REQUIRE(run("train " + iris() + "--layers 6 --epochs 8 -o plain.model.json >/dev/null 2>&1").status == 0);
  const Outcome audited = run("train " + iris() + "--layers 6 --epochs 8 --audit -o audited.model.json 2>&1");
  REQUIRE_MESSAGE(audited.status == 0, audited.output);
  for (const char* each :
       {"audit of step 1, 32 samples", "audit of step 17, 32 samples", "audit of step 32, 15 samples",
        "    hidden1.weight", "    output.bias", "curvature s'Hs / s's = ", "descent lemma (18)",
        "units of hidden1 (relu): ", "  smoothness on it     L at least "})
    CHECK_MESSAGE(has(audited.output, each), audited.output);
  CHECK((read("plain.model.json") == read("audited.model.json")));
  const Outcome chosen = run("train " + iris() + "--layers none --epochs 2 --audit-steps 3,2 2>&1");
  CHECK(has(chosen.output, "audit of step 2,"));
  CHECK(has(chosen.output, "audit of step 3,"));
  CHECK(!has(chosen.output, "audit of step 1,"));
  CHECK(has(run("train " + iris() + "--epochs 2 --audit-steps 9 2>&1").output, "--audit-steps 9: there are 8 steps"));
}

TEST_CASE("early stopping ends a training and keeps the best epoch, however often it was interrupted") {
  const std::string training =
      "train " + iris() + "--layers 32,32 --rate 0.2 --batch 8 --epochs 400 --validation 0.3 --patience 15 -o ";
  const Outcome whole = run(training + "stopped.model.json --curve stopped.svg 2>&1");
  REQUIRE_MESSAGE(whole.status == 0, whole.output);
  CHECK(has(whole.output, "78 to train on, 33 to validate on, 39 to test on"));
  const std::size_t at = whole.output.find("stopped after epoch ");
  REQUIRE(at != std::string::npos);
  const int last = std::atoi(whole.output.c_str() + at + 20);
  CHECK(last < 400);
  const std::string best = "the model is that of epoch " + std::to_string(last - 15) + ", validation loss ";
  CHECK(has(whole.output, best));
  CHECK(has(read("stopped.svg"), "validation loss"));
  CHECK(has(run("inspect stopped.model.json").output, best));
  // A training that ends at the best epoch predicts the same.
  REQUIRE(run("train " + iris() + "--layers 32,32 --rate 0.2 --batch 8 --validation 0.3 --epochs " +
              std::to_string(last - 15) + " -o best.model.json >/dev/null 2>&1")
              .status == 0);
  CHECK(run("predict best.model.json " + iris() + "--probabilities 2>&1").output ==
        run("predict stopped.model.json " + iris() + "--probabilities 2>&1").output);
  // One that is resumed after some epochs is the same file.
  REQUIRE(run("train --resume stopped.model.json >/dev/null 2>&1").status == 0);
  const Outcome resumed = shell("rm -f resumed.model.json; \"$NABLA\" " + training +
                                "resumed.model.json --checkpoint-every 0 >/dev/null 2>&1 & p=$!; n=0; while [ $n -lt "
                                "1500 ] && [ ! -s resumed.model.json ]; do sleep 0.01; n=$((n+1)); done; kill -INT $p; "
                                "wait $p; \"$NABLA\" train --resume resumed.model.json >/dev/null 2>&1; echo $?");
  CHECK(resumed.output == "0\n");
  CHECK((read("resumed.model.json") == read("stopped.model.json")));
  CHECK(has(run("train " + iris() + "--validation 1 2>&1").output, "the share to put aside is at least 0"));
}

TEST_CASE("packed tables, and IDX files with their labels and a test set of their own") {
  REQUIRE(shell("gzip -c '" + data_folder + "iris.csv' > packed.csv.gz; echo $?").output == "0\n");
  REQUIRE(run("train --data packed.csv.gz --epochs 3 -o packed.model.json >/dev/null 2>&1").status == 0);
  REQUIRE(run("train " + iris() + "--epochs 3 -o unpacked.model.json >/dev/null 2>&1").status == 0);
  CHECK(run("predict packed.model.json --data packed.csv.gz 2>&1").output ==
        run("predict unpacked.model.json " + iris() + "2>&1").output);

  // Bars of 3 x 3 pixels, lying or standing.
  std::string images("\0\0\x08\x03\0\0\0\x3c\0\0\0\x03\0\0\0\x03", 16), labels("\0\0\x08\x01\0\0\0\x3c", 8);
  for (int i = 0; i < 60; ++i) {
    for (int row = 0; row < 3; ++row)
      for (int column = 0; column < 3; ++column)
        images += (i % 2 == 0 ? row : column) == i % 3 ? static_cast<char>(200 + i % 7) : static_cast<char>(i % 5);
    labels += static_cast<char>(4 + i % 2);
  }
  write("bars-images", images);
  write("bars-labels", labels);
  const Outcome trained =
      run("train --data bars-images --labels bars-labels --test-data bars-images --test-labels bars-labels --layers 8 "
          "--epochs 40 -o bars.model.json 2>&1");
  REQUIRE_MESSAGE(trained.status == 0, trained.output);
  CHECK(
      has(trained.output, "bars-images: 60 samples, 9 features, 2 classes of 'label'; 60 to train on, 60 to test on"));
  CHECK(has(trained.output, "test      60 of 60 right (1.000)"));
  CHECK(has(run("inspect bars.model.json").output, "60 samples, tested on bars-images"));
  const Outcome predicted = run("predict bars.model.json --data bars-images --labels bars-labels 2>&1");
  CHECK(has(predicted.output, "label,probability\n4,"));
  CHECK(has(predicted.output, "60 of 60 right"));
  CHECK(run("train --resume bars.model.json --epochs 41 >/dev/null 2>&1").status == 0);
  write("bars-labels", labels.substr(0, 30));
  const Outcome refused = run("train --data bars-images --labels bars-labels 2>&1");
  CHECK(refused.status == 3);
  CHECK(refused.output ==
        "nabla: bars-labels: this IDX file is cut off: it has 22 entries, fewer than its extents say\n");
  CHECK(has(run("train --data bars-images 2>&1").output, "the labels of an IDX file stand in another (--labels)"));
  CHECK(run("train --resume bars.model.json --epochs 42 2>&1").status == 3);
}

TEST_CASE("numbers are learned and predicted in their unit") {
  std::string text = "x,y\n";
  for (int i = 0; i < 80; ++i) text += std::to_string(i) + "," + std::to_string(1000 + 3.5 * i) + "\n";
  write("line.csv", text);
  const Outcome trained = run("train --data line.csv --layers none --l2 0 --epochs 100 -o line.model.json 2>&1");
  REQUIRE_MESSAGE(trained.status == 0, trained.output);
  CHECK(has(trained.output, "the number 'y'"));
  CHECK(has(trained.output, "root mean square error"));
  write("at.csv", "x\n100\n");
  CHECK(std::abs(std::atof(run("predict line.model.json --data at.csv | tail -1").output.c_str()) - 1350) < 1);
}

TEST_CASE("an interrupted training goes on to the same model, byte for byte") {
  REQUIRE(run(stateful_training() + "200 -o whole.model.json >/dev/null 2>&1").status == 0);
  const std::string resume = "train --resume part.model.json >/dev/null 2>&1";
  const Outcome outcome = shell(
      started(stateful_training() + "200 --checkpoint-every 0 -o part.model.json >part.txt 2>&1", "part.model.json") +
      "kill -INT $p; wait $p; echo first $?; \"$NABLA\" inspect part.model.json | grep trained; "
      "for k in 05 1 15 2; do \"$NABLA\" " +
      resume + " & p=$!; sleep 0.$k; kill -INT $p 2>/dev/null; wait $p; done; \"$NABLA\" " + resume + "; echo last $?");
  CAPTURE(outcome.output);
  CHECK(has(outcome.output, "first 130"));
  CHECK(!has(outcome.output, " 200 of 200 epochs"));
  CHECK(has(outcome.output, "last 0"));
  CHECK((read("part.model.json") == read("whole.model.json")));
  const std::string told = read("part.txt");
  CHECK(has(told, "nabla: interrupted at step"));
  CHECK(has(told, "; `nabla train --resume part.model.json` goes on"));
}

TEST_CASE("kill -9 at any moment leaves the last checkpoint readable") {
  std::string script;
  for (const char* moment : {"",    "00", "001", "002", "003", "004", "005", "006", "007", "008",
                             "009", "01", "012", "015", "018", "021", "024", "028", "032", "04"})
    script +=
        started(stateful_training() + "1000000 --checkpoint-every 0 -o killed.model.json >/dev/null 2>&1",
                "killed.model.json") +
        "sleep 0." + std::string(moment) + "0" +
        "; kill -9 $p; wait $p 2>/dev/null; \"$NABLA\" inspect killed.model.json >/dev/null 2>&1 && echo readable; ";
  const Outcome outcome = shell(script + "rm -f killed.model.json*");
  std::size_t readable = 0;
  for (std::size_t at = 0; (at = outcome.output.find("readable", at)) != std::string::npos; ++at) ++readable;
  CHECK(readable == 20);
}

TEST_CASE("files that are no whole model are refused by one clear message") {
  REQUIRE(run("train " + iris() + "--epochs 1 -o good.model.json >/dev/null 2>&1").status == 0);
  const std::string good = read("good.model.json");
  const auto refused = [](const std::string& text) {
    write("bad.model.json", text);
    const Outcome outcome = run("inspect bad.model.json 2>&1");
    CHECK(outcome.status == 3);
    CHECK(std::count(outcome.output.begin(), outcome.output.end(), '\n') == 1);
    return outcome.output;
  };
  CHECK(has(refused(good.substr(0, good.size() / 2)), "this model is truncated or damaged; its end is missing"));
  CHECK(has(refused(good.substr(0, 12)), "bad.model.json: this is no model of nabla (no JSON)"));
  CHECK(has(refused(""), "the file is empty"));
  CHECK(has(refused("{\"a\": 1}"), "this is no model of nabla (JSON without"));
  CHECK(has(refused("sepal,petal\n1,2\n"), "this is no model of nabla"));
  std::string damaged = good;
  const std::size_t at = damaged.find("\"parameters\":[") + 16;
  damaged[at] = damaged[at] == '1' ? '2' : '1';
  CHECK(has(refused(damaged), "this model is damaged"));
  std::string newer = good;
  newer.replace(newer.find("nabla.model/1"), 13, "nabla.model/9");
  CHECK(has(refused(newer), "this version reads nabla.model/1"));
  CHECK(has(run("inspect nowhere.model.json 2>&1").output, "cannot read nowhere.model.json"));
}

TEST_CASE("what cannot be trained says why and where") {
  const auto told = [](const std::string& arguments, int status) {
    const Outcome outcome = run("train " + arguments + " 2>&1");
    CHECK(outcome.status == status);
    return outcome.output;
  };
  write("hole.csv", "a,b,kind\n1,2,x\n3,,y\n");
  CHECK(has(told("--data hole.csv", 3), "hole.csv:3:3: 'b' is missing here"));
  write("nan.csv", "a,b,kind\n1,nan,x\n3,4,y\n");
  CHECK(has(told("--data nan.csv", 3), "nan.csv:2:3: 'b' is no finite number here: 'nan'"));
  CHECK(has(told("", 2), "train needs --data FILE, or --resume MODEL"));
  CHECK(has(told("--data nowhere.csv", 3), "cannot read nowhere.csv"));
  CHECK(has(told(iris() + "--layers 4,x", 2), "--layers takes widths of hidden layers"));
  CHECK(has(told(iris() + "--activation rleu", 2), "did you mean 'relu'?"));
  CHECK(has(told(iris() + "--optimizer adam --momentum 0.5", 2), "--momentum means nothing to the optimizer adam"));
  CHECK(has(told(iris() + "--optimizer sgdd", 2), "there is no optimizer 'sgdd'"));
  CHECK(has(told(iris() + "--rate -1", 2), "the learning rate is positive, not -1"));
  CHECK(has(told(iris() + "--target height", 2), "has no column 'height'"));
  CHECK(has(told(iris() + "--task number", 3), "iris.csv:2:17: 'species' is no finite number here: 'setosa'"));
  const std::string diverged =
      told(iris() + "--rate 1e200 --loss squared --activation softplus -o diverged.model.json", 3);
  CHECK(has(diverged, "training stopped at step"));
  CHECK(has(diverged, "no finite number"));
  write("precious.csv", "1,2\n");
  CHECK(has(told(iris() + "-o precious.csv", 2), "this file is there and is no model; it is not overwritten"));
  CHECK(read("precious.csv") == "1,2\n");
  CHECK(has(told(iris() + "-o nowhere/model.json", 3), "cannot write nowhere/model.json"));
  REQUIRE(run("train " + iris() + "--epochs 1 -o one.model.json >/dev/null 2>&1").status == 0);
  REQUIRE(run("train " + iris() + "--epochs 3 -o three.model.json >/dev/null 2>&1").status == 0);
  REQUIRE(run("train --resume one.model.json --epochs 3 >/dev/null 2>&1").status == 0);
  CHECK((read("one.model.json") == read("three.model.json")));
  CHECK(has(told(iris() + "--schedule step --decay 0.1", 2), "the schedule step needs --every EPOCHS"));
  CHECK(has(told(iris() + "--decay 0.1 --every 2", 2), "--every belongs to the schedules step and cosine"));
  CHECK(has(told("--resume one.model.json --layers 3", 2),
            "--resume goes on as the model began; --layers cannot be changed"));
  write("other.csv", read(data_folder + "iris.csv") + "1,2,3,4,setosa\n");
  CHECK(has(told("--resume one.model.json --data other.csv", 3), "is not the data that one.model.json was trained on"));
}
