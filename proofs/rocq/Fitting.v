(* E6, singular regions: a jump and an invertible map (proofs/impulsive.md, Fitting's lemma and Theorem 2).

   Over any field F, for a square matrix M and a matrix P (called P0 in the text):
   - if P^2 = P and P M = M P, then J = (1 - P) + M P and F = M (1 - P) + P satisfy F J = J F = M;
   - if also M is invertible on the range of 1 - P (some G has G M (1 - P) = 1 - P), then F is invertible;
   - if M P is nilpotent and the rows r have r M = r, then r J = r and r F = r: an affine map stays affine;
   - every M has such a P, which is a polynomial in M with coefficients in F, and only one: Fitting's projector.

   Left to prose: that no flow reproduces a singular region (Proposition 1), and the flow after the jump. *)

From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Ring.

Variables (R : ringType) (M P Q : R).
Hypotheses (sum : P + Q = 1) (idem : P * P = P) (idemQ : Q * Q = Q) (PQ : P * Q = 0) (QP : Q * P = 0).
Hypotheses (commP : P * M = M * P) (commQ : Q * M = M * Q).

Lemma fitting_product : (M * Q + P) * (Q + M * P) = M.
Proof.
have MP : P * (M * P) = M * P by rewrite mulrA commP -mulrA idem.
have MQ : M * Q * (M * P) = 0 by rewrite -mulrA (mulrA Q) commQ -!mulrA QP !mulr0.
rewrite mulrDl !mulrDr MP MQ PQ addr0 add0r -mulrA idemQ.
by rewrite -mulrDr addrC sum mulr1.
Qed.

Lemma fitting_product' : (Q + M * P) * (M * Q + P) = M.
Proof.
have MP : M * P * (M * Q) = 0 by rewrite -mulrA (mulrA P) commP -!mulrA PQ !mulr0.
rewrite mulrDl !mulrDr MP QP addr0 add0r mulrA commQ -!mulrA idemQ idem.
by rewrite -mulrDr addrC sum mulr1.
Qed.

Lemma fitting_inverse G : G * M * Q = Q -> (Q * G * Q + P) * (M * Q + P) = 1.
Proof.
move=> inv.
have MQ : Q * G * Q * (M * Q) = Q.
  by rewrite -mulrA (mulrA Q) commQ -[M * Q * Q]mulrA idemQ -!mulrA (mulrA G) inv idemQ.
have MP : P * (M * Q) = 0 by rewrite mulrA commP -mulrA PQ mulr0.
by rewrite mulrDl !mulrDr MQ MP -mulrA QP mulr0 addr0 add0r idem addrC.
Qed.

End Ring.

Section Jump.

Variables (F : fieldType) (n : nat) (M : 'M[F]_n.+1).
Implicit Type P : 'M[F]_n.+1.

Definition jump P := (1 - P) + M * P.
Definition after_jump P := M * (1 - P) + P.

(* P is the projector onto the generalised kernel of M along a complement on which M is invertible. *)
Definition fitting P :=
  [/\ P * P = P, P * M = M * P, exists k, M ^+ k * P = 0 & exists G, G * M * (1 - P) = 1 - P].

Section Identities.

Variable P : 'M[F]_n.+1.
Hypotheses (idem : P * P = P) (comm : P * M = M * P).

Lemma idemC : P * (1 - P) = 0.
Proof. by rewrite mulrBr mulr1 idem subrr. Qed.

Lemma idemC' : (1 - P) * P = 0.
Proof. by rewrite mulrBl mul1r idem subrr. Qed.

Lemma idem1 : (1 - P) * (1 - P) = 1 - P.
Proof. by rewrite mulrBl mul1r idemC subr0. Qed.

Lemma comm1 : (1 - P) * M = M * (1 - P).
Proof. by rewrite mulrBl mulrBr mul1r mulr1 comm. Qed.

Lemma sum1 : P + (1 - P) = 1.
Proof. by rewrite addrC subrK. Qed.

Theorem after_jump_jump : after_jump P * jump P = M.
Proof. exact: fitting_product sum1 idem idem1 idemC idemC' comm comm1. Qed.

Theorem jump_after_jump : jump P * after_jump P = M.
Proof. exact: fitting_product' sum1 idem idem1 idemC idemC' comm comm1. Qed.

Theorem after_jump_unit : (exists G, G * M * (1 - P) = 1 - P) -> after_jump P \in unitmx.
Proof.
case=> G inv.
have /mulmx1_unit[] // := fitting_inverse sum1 idem idem1 idemC idemC' comm comm1 inv.
Qed.

(* Rows that M keeps, such as (0, ..., 0, 1) of an augmented matrix, are kept by both factors. *)
Section Rows.

Variables (r : nat) (e : 'M[F]_(r, n.+1)) (k : nat).
Hypotheses (nilp : M ^+ k * P = 0) (keep : e *m M = e).

Lemma keep_projector : e *m P = 0.
Proof.
have keepX j : e *m M ^+ j = e.
  by elim: j => [|j IH]; rewrite ?expr0 ?mulmx1 // exprSr -mulmxE mulmxA IH.
by rewrite -(keepX k) -mulmxA mulmxE nilp mulmx0.
Qed.

Theorem keep_jump : e *m jump P = e.
Proof.
by rewrite mulmxDr mulmxBr mulmx1 keep_projector subr0 -mulmxE mulmxA keep keep_projector addr0.
Qed.

Theorem keep_after_jump : e *m after_jump P = e.
Proof.
by rewrite mulmxDr -mulmxE mulmxA keep mulmxBr mulmx1 keep_projector subr0 addr0.
Qed.

End Rows.

End Identities.

(* The three parts of Theorem 2 together. *)
Theorem E6 P : fitting P ->
  [/\ after_jump P * jump P = M, after_jump P \in unitmx &
      forall r (e : 'M_(r, n.+1)), e *m M = e -> e *m jump P = e /\ e *m after_jump P = e].
Proof.
case=> idem comm [k nilp] inv; split; first exact: after_jump_jump.
  exact: after_jump_unit.
by move=> r e keep; split; [apply: (keep_jump nilp) | apply: (keep_after_jump nilp)].
Qed.

(* Fitting's projector exists for every M, as a polynomial in M. *)
Theorem fitting_exists : exists p : {poly F}, fitting (horner_mx M p).
Proof.
have [k [q]] := multiplicity_XsubC (char_poly M) 0.
rewrite (monic_neq0 (char_poly_monic M)) /= subr0 => q0 charM.
have cop : coprimep 'X q by rewrite coprimep_sym -[X in coprimep _ X]subr0 -polyC0 coprimep_XsubC.
have /Bezout_eq1_coprimepP[[u v] /= uv] : coprimep ('X ^+ k) q by rewrite coprimep_expl.
have /Bezout_eq1_coprimepP[[a b] /= ab] := cop.
have vanish p : char_poly M %| p -> horner_mx M p = 0.
  by case/dvdpP=> r ->; rewrite rmorphM /= Cayley_Hamilton mulr0.
have one : 1 - horner_mx M (v * q) = horner_mx M (u * 'X ^+ k).
  by apply/eqP; rewrite subr_eq -rmorphD uv rmorph1.
have /eqP idem : horner_mx M (v * q) * (1 - horner_mx M (v * q)) = 0.
  by rewrite one -rmorphM /= vanish // charM mulrACA dvdp_mull.
exists (v * q); split.
- by apply/eqP; move: idem; rewrite mulrBr mulr1 subr_eq0 eq_sym.
- exact: (@comm_horner_mx _ _ M M).
- exists k; rewrite -{1}(horner_mx_X M) -rmorphX -rmorphM /= vanish // charM.
  by rewrite mulrCA dvdp_mull // mulrC.
- exists (horner_mx M a).
  have eq : horner_mx M a * M = 1 - horner_mx M (b * q).
    by apply/eqP; rewrite eq_sym subr_eq -{2}(horner_mx_X M) -rmorphM -rmorphD /= ab rmorph1.
  rewrite eq one mulrBl mul1r -rmorphM /= [X in _ - X]vanish ?subr0 // charM.
  by rewrite mulrACA dvdp_mull.
Qed.

(* There is only one. *)
Theorem fitting_unique P P' : fitting P -> fitting P' -> P = P'.
Proof.
have half A B : fitting A -> fitting B -> A * B = B * A -> B = A * B.
  case=> _ commA _ [G inv] [_ commB [k nilp] _] AB.
  have commX j : (1 - A) * M ^+ j = M ^+ j * (1 - A).
    by apply: GRing.commrX; rewrite /GRing.comm mulrBl mulrBr mul1r mulr1 commA.
  have power j : G ^+ j * M ^+ j * (1 - A) = 1 - A.
    elim: j => [|j IH]; first by rewrite !expr0 !mul1r.
    by rewrite exprSr exprS -!mulrA -commX (mulrA M) (mulrA G) (mulrA G M) inv commX mulrA.
  have zero : (1 - A) * B = 0.
    by rewrite -(power k) -(mulrA (G ^+ k)) -commX -!mulrA nilp !mulr0.
  by apply/eqP; rewrite -subr_eq0 -{1}[B]mul1r -mulrBl zero.
have [p fp] := fitting_exists.
suff same A : fitting A -> A = horner_mx M p by move=> /same-> /same->.
move=> fA; have AB : A * horner_mx M p = horner_mx M p * A.
  by case: fA => _ comm _ _; apply: comm_mx_horner.
by rewrite (half _ _ fA fp AB) AB; apply: half (esym AB).
Qed.

End Jump.
