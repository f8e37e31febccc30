// Trains a small generator on the digits that swift-gan draws itself, then uses it as a program would that has nothing
// but the exported file: swift run first-gan [STEPS]
import GAN

let steps = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 200

var recipe = AdversarialRecipe.mlp
recipe.batch = 64

let data = try DataSource("digits").load(.train)
let run = try RunDirectory.next(in: "runs", name: "first-gan")
let trainer = try Trainer(recipe, data: data, run: run)

let end = try trainer.run(until: .steps(steps)) { event in
  if case .stepped(let record) = event, record.step.isMultiple(of: 50),
    let d = record[.lossDiscriminator], let g = record[.lossGenerator]
  {
    print("step \(record.step): loss of D \(d), of G \(g)")
  }
  return .continue
}
print("\(end.reason) at step \(end.step)")

let generator = try ModelFile.read(run.generator, .standard)
let pictures = try Sampler(generator, seed: 7).pictures(25)
try PictureGrid.picture(of: pictures).write(to: run.path + "/first-gan.png")
print("25 pictures in \(run.path)/first-gan.png")
